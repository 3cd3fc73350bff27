namespace RenodeUvmem.Power9.Tiers;

/// <summary>When code is hot enough to be translated.</summary>
/// <param name="Distance">Instructions between two samples.</param>
/// <param name="Samples">Samples in a piece of code after which it is hot.</param>
public sealed record Hotness(int Distance, int Samples)
{
    /// <summary>For checks: whatever a sample finds twice. The distance is prime, so that no loop hides from it.</summary>
    public static Hotness Eager { get; } = new(1_009, 2);
}
