using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>The tasks of a world's Linux: which one a CPU executes, and its name, current-&gt;comm.</summary>
internal sealed unsafe class LinuxTasks
{
    // TASK_COMM_LEN (Linux include/linux/sched.h).
    private const int CommLength = 16;

    private readonly ulong current;
    private readonly ulong comm;

    private LinuxTasks(ulong current, ulong comm)
    {
        this.current = current;
        this.comm = comm;
    }

    /// <summary>By the layout of its structures; null without, or with one that does not have what is needed.</summary>
    public static LinuxTasks? Of(KernelLayout? layout) =>
        layout?.Find("paca_struct.__current") is { } current && layout.Find("task_struct.comm") is { } comm ? new LinuxTasks(current, comm) : null;

    /// <summary>Address of the task that a CPU executes, or 0.</summary>
    public ulong Current(CpuState* s, GuestReader memory)
    {
        // Where Linux keeps its paca (asm/exception-64s.h, GET_PACA).
        ulong paca = s->Spr[(s->Msr & Msr.HV) != 0 ? SprNumber.HSPRG0 : SprNumber.SPRG1];
        return paca != 0 && memory.TryRead(paca + current, out ulong task) ? task : 0;
    }

    /// <summary>A task's name, without what tells the kernel's threads of one kind apart; null if there is none.</summary>
    public string? NameOf(ulong task, GuestReader memory)
    {
        if (task == 0 || memory.ReadText(task + comm, CommLength) is not { } name)
            return null;

        // kworker/0:1 is kworker, kworker/u2:0 too; CPU 0/KVM is a name.
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash + 1 < name.Length && (name[slash + 1] == 'u' || char.IsAsciiDigit(name[slash + 1])) ? name[..slash] : name;
    }
}
