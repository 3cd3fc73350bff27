using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Being written.</summary>
public sealed unsafe partial class Cpu
{
    public static bool LoadSlow(CpuState* s, Insn* i, ulong ea, byte* buffer, int size) => throw new NotImplementedException();

    public static bool StoreSlow(CpuState* s, Insn* i, ulong ea, byte* buffer, int size) => throw new NotImplementedException();

    /// <summary>Takes an interrupt: saves NIA and MSR with <paramref name="cause"/> bits where the vector says, goes to the vector.</summary>
    public void Deliver(Vector vector, ulong address, ulong cause) => throw new NotImplementedException();

    /// <summary>Changes the MSR and re-selects address spaces.</summary>
    public void SetMsr(ulong msr) => throw new NotImplementedException();

    /// <summary>The word of the instruction in a slot of the current page.</summary>
    public uint InstructionWordAt(Insn* i) => throw new NotImplementedException();

    /// <summary>Handles interrupts to ultravisor state, or null where a real image runs at URMOR.</summary>
    public IUltravisor? Ultravisor { get; set; }

    /// <summary>Drops cached translations of a partition: all (pid null) or of one process; what tlbie RIC=2 does.</summary>
    public void InvalidateTranslations(ulong lpid, ulong? pid = null) => throw new NotImplementedException();

    /// <summary>Executes up to <paramref name="count"/> instructions; returns how many were.</summary>
    public long Execute(long count) => throw new NotImplementedException();
}
