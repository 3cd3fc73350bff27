namespace RenodeUvmem.Platform.Checking;

/// <summary>
/// Lengths of stretches between two comparisons. A trace is only entered with its length left to go, and leaves its loop where that is used up: so there are
/// stretches that no trace fits into, some that end in the middle of a few, and long ones.
/// </summary>
/// <param name="distance">Their average.</param>
internal sealed class Stretches(long distance)
{
    private const int ShortOnes = 64;
    private ulong state = 0x9E3779B97F4A7C15;

    /// <summary>The next one, 1 or more. The same each time.</summary>
    public long Next()
    {
        ulong kind = Random(64);
        ulong limit = kind == 0 ? 32 * (ulong)distance : kind < 16 ? ShortOnes : 4 * (ulong)distance / 3;
        return 1 + (long)Random(Math.Max(limit, 1));
    }

    // Marsaglia, "Xorshift RNGs".
    private ulong Random(ulong below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % below;
    }
}
