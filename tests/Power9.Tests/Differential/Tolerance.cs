namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Bits of an end state that are compared. Everything that is left out has a reason in <see cref="KnownDeviations"/>.</summary>
internal sealed record Tolerance
{
    public static readonly Tolerance None = new();

    public ulong GprMask { get; init; } = ulong.MaxValue;

    public ulong CrMask { get; init; } = ulong.MaxValue;

    public ulong XerMask { get; init; } = ulong.MaxValue;

    public ulong FpscrMask { get; init; } = ulong.MaxValue;

    public ulong VsrHighMask { get; init; } = ulong.MaxValue;

    public ulong VsrLowMask { get; init; } = ulong.MaxValue;

    public ulong VrsaveMask { get; init; } = ulong.MaxValue;

    public ulong VscrMask { get; init; } = ulong.MaxValue;

    public bool MemoryCompared { get; init; } = true;

    /// <summary>Nothing of the case is compared: QEMU went another way from the start.</summary>
    public bool Skip { get; init; }
}
