using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Ultravisor.Threads;

/// <summary>Time of a hardware thread, supplied by whoever assembles the machine.</summary>
public interface IThreadClock
{
    /// <summary>Time base including the offset that software set.</summary>
    ulong TimeBase(Cpu cpu);

    /// <summary>Decrementer, sign-extended.</summary>
    long Decrementer(Cpu cpu);

    /// <summary>Sets the decrementer.</summary>
    void SetDecrementer(Cpu cpu, long value);
}
