namespace RenodeUvmem.Power9.Interpreter;

/// <summary>The host's compare-and-swap on aligned operands. Values are in memory order.</summary>
internal static unsafe class HostExchange
{
    /// <summary>Replaces <paramref name="from"/> by <paramref name="to"/>; false if something else is there.</summary>
    public static bool Whole(uint* place, uint from, uint to) => Interlocked.CompareExchange(ref *place, to, from) == from;

    /// <inheritdoc cref="Whole(uint*, uint, uint)"/>
    public static bool Whole(ulong* place, ulong from, ulong to) => Interlocked.CompareExchange(ref *place, to, from) == from;

    /// <summary>The same for a part of a word, of the size that <paramref name="mask"/> has: .NET 8 swaps no less than a word. The host is little-endian.</summary>
    public static bool Part(byte* place, uint from, uint to, uint mask)
    {
        uint* word = (uint*)((nuint)place & ~(nuint)3);
        int shift = (int)((nuint)place & 3) * 8;
        while (true)
        {
            uint old = Volatile.Read(ref *word);
            if (((old >> shift) & mask) != from)
                return false;

            // Else the other bytes of the word changed.
            if (Whole(word, old, (old & ~(mask << shift)) | (to << shift)))
                return true;
        }
    }
}
