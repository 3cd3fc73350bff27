using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>A break that was hit, and where the thread stands.</summary>
public readonly record struct BreakHit
{
    /// <summary>The break.</summary>
    public required Break Break { get; init; }

    /// <summary>CPU number (PIR); -1 for an access of a device.</summary>
    public required int Cpu { get; init; }

    /// <summary>Instructions that the CPU has executed.</summary>
    public required long Instruction { get; init; }

    /// <summary>Partition that it is about: the call's argument of that name, else the caller's.</summary>
    public required ulong Lpid { get; init; }

    /// <summary>Name of the call or of the step in an SVM's life.</summary>
    public required string Name { get; init; }

    /// <summary>Arguments by name.</summary>
    public required IReadOnlyList<BreakArgument> Arguments { get; init; }

    /// <summary>
    /// Where the thread stands. Ultracall: at its <c>sc 2</c>, before anything happened. Hypercall: at the hypervisor's entry, number in R3, arguments from R4.
    /// Step in an SVM's life: where the thread goes on after the call that made it. Violation: at the instruction that was refused, with the machine check to come.
    /// </summary>
    public required CallSite Site { get; init; }

    /// <summary>Where the thread goes on; for a violation, the instruction that was refused.</summary>
    public ulong Nia => Site.Nia;

    /// <summary>No CPU made it, so that none returns from a run: an access of a device.</summary>
    public bool IsOutsideOfRun => Cpu < 0;
}
