using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform;

/// <summary>A hardware thread in the machine: its CPU, and whether firmware has given it to the kernel.</summary>
public sealed unsafe class Processor(Cpu cpu) : ISnapshotted
{
    // What OPAL hands a thread over with: 64-bit big-endian hypervisor real mode (Linux arch/powerpc/kernel/head_64.S, "OPAL entry").
    private const ulong EntryMsr = Msr.SF | Msr.HV | Msr.ME;

    /// <summary>The CPU.</summary>
    public Cpu Cpu { get; } = cpu;

    /// <summary>Whose code it executes.</summary>
    public World World => Worlds.Of(Cpu.State->Msr);

    /// <summary>False while the thread waits in firmware.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Starts executing at a real address with a value in GPR 3.</summary>
    public void Start(ulong address, ulong gpr3)
    {
        Cpu.SetMsr(EntryMsr);
        Cpu.State->Nia = address & ~3UL;
        Cpu.State->Gpr[3] = gpr3;
        IsStarted = true;
    }

    /// <summary>Lets the thread execute from where its state says, as on a machine without firmware.</summary>
    public void Release() => IsStarted = true;

    /// <summary>Power-on state.</summary>
    public void Reset()
    {
        IsStarted = false;
        Cpu.Reset();
    }

    /// <summary>Takes the thread back into firmware.</summary>
    public void Park()
    {
        IsStarted = false;
        Cpu.ReturnRequested = true;
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(IsStarted);
        Cpu.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        IsStarted = reader.ReadBool();
        Cpu.Load(reader);
    }
}
