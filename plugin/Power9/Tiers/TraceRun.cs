namespace RenodeUvmem.Power9.Tiers;

/// <summary>One entry into a trace.</summary>
/// <param name="State">Address of the CPU's state.</param>
/// <param name="Head">Address of the trace's first slot.</param>
/// <param name="From">Instructions that the CPU had executed before.</param>
/// <param name="To">And after.</param>
public readonly record struct TraceRun(nint State, nint Head, long From, long To);
