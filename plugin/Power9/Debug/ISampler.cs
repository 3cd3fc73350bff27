using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Debug;

/// <summary>Looks at a CPU at even distances of executed instructions. It must not change the machine.</summary>
public interface ISampler
{
    /// <summary>Instructions between two samples; may change at any time.</summary>
    long Distance { get; }

    /// <summary>The CPU has executed a multiple of <see cref="Distance"/>; it is between two instructions, and NIA is the next one's address.</summary>
    void Sample(Cpu cpu);
}
