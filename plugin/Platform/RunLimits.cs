namespace RenodeUvmem.Platform;

/// <summary>What ends a run besides the guest.</summary>
public sealed record RunLimits
{
    /// <summary>Instructions of all processors together, since power-on.</summary>
    public long Instructions { get; init; } = long.MaxValue;

    /// <summary>Ends the run soon after it is cancelled.</summary>
    public CancellationToken Cancellation { get; init; }
}
