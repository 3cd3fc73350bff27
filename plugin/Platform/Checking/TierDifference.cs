namespace RenodeUvmem.Platform.Checking;

/// <summary>Where two machines differ.</summary>
/// <param name="Instructions">Instructions since power-on.</param>
/// <param name="What">Each difference: what, the interpreter's value, the other.</param>
public sealed record TierDifference(long Instructions, IReadOnlyList<string> What)
{
    /// <summary>Lines that say more: since when, in which trace, what was executed.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
