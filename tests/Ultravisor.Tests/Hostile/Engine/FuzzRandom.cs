namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>
/// Random numbers that depend on a seed and nothing else, not even the runtime's version: SplitMix64 (Steele, Lea, Flood: Fast splittable
/// pseudorandom number generators).
/// </summary>
internal sealed class FuzzRandom(ulong seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>A seed for part <paramref name="index"/> of what <paramref name="seed"/> stands for.</summary>
    public static ulong Derive(ulong seed, ulong index) => Mix(Mix(seed) + (index * Gamma));

    public ulong Next() => Mix(state += Gamma);

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (uint)limit);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(params T[] choices) => choices[Below(choices.Length)];

    public T PickOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public void Fill(Span<byte> bytes)
    {
        for (int n = 0; n < bytes.Length; n++)
            bytes[n] = (byte)Next();
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
