using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>The name of the task that a CPU executes: current-&gt;comm of its world's Linux, or the number in PIDR.</summary>
/// <param name="hypervisor">Layout of the hypervisor's structures, or null.</param>
/// <param name="guest">Layout of its guests' structures, or null.</param>
internal sealed unsafe class TaskNames(KernelLayout? hypervisor, KernelLayout? guest)
{
    // TASK_COMM_LEN (Linux include/linux/sched.h).
    private const int CommLength = 16;

    private readonly (ulong Current, ulong Comm)? hypervisorPlaces = PlacesOf(hypervisor);
    private readonly (ulong Current, ulong Comm)? guestPlaces = PlacesOf(guest);

    /// <summary>The name, without what tells the kernel's threads of one kind apart.</summary>
    public string Of(CpuState* s, GuestReader memory)
    {
        bool isHypervisor = (s->Msr & Msr.HV) != 0;

        // Where Linux keeps its paca (asm/exception-64s.h, GET_PACA).
        ulong paca = s->Spr[isHypervisor ? SprNumber.HSPRG0 : SprNumber.SPRG1];
        Span<byte> comm = stackalloc byte[CommLength];
        if ((isHypervisor ? hypervisorPlaces : guestPlaces) is { } places
            && paca != 0
            && memory.TryRead(paca + places.Current, out ulong task)
            && memory.TryRead(task + places.Comm, comm)
            && Text(comm) is { } name)
        {
            return name;
        }

        ulong pid = s->Spr[SprNumber.PIDR];
        return pid == 0 ? "no process" : string.Create(CultureInfo.InvariantCulture, $"process {pid}");
    }

    private static (ulong Current, ulong Comm)? PlacesOf(KernelLayout? layout) =>
        layout?.Find("paca_struct.__current") is { } current && layout.Find("task_struct.comm") is { } comm ? (current, comm) : null;

    // kworker/0:1 is kworker, kworker/u2:0 too; CPU 0/KVM is a name. Not printable: not a name.
    private static string? Text(ReadOnlySpan<byte> comm)
    {
        int length = comm.IndexOf((byte)0);
        if (length <= 0 || comm[..length].ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
            return null;
        string name = Encoding.ASCII.GetString(comm[..length]);
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash + 1 < name.Length && (name[slash + 1] == 'u' || char.IsAsciiDigit(name[slash + 1])) ? name[..slash] : name;
    }
}
