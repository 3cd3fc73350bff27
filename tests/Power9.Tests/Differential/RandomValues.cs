namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Register and memory contents: special values as often as random ones.</summary>
internal sealed class RandomValues(int seed)
{
    private static readonly ulong[] Integers =
    [
        0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
        0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFF00000000,
        0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000000000000001, 0xFFFFFFFF00000000, 0xFFFFFFFF7FFFFFFF, 0xFFFFFFFF80000000,
        0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF,
    ];

    private static readonly ulong[] Doubles =
    [
        0, 1, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x0010000000000001, 0x3FF0000000000000, 0x3FF0000000000001, 0x3FE0000000000000,
        0x3FEFFFFFFFFFFFFF, 0x4000000000000000, 0x4008000000000000, 0x7FE0000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000,
        0x7FF0000000000001, 0x7FF4000000000000, 0x7FF8000000000000, 0x7FFFFFFFFFFFFFFF, 0x36A0000000000000, 0x369FFFFFFFFFFFFF,
        0x3810000000000000, 0x380FFFFFE0000000, 0x47EFFFFFE0000000, 0x47EFFFFFF0000000, 0x47F0000000000000, 0x41DFFFFFFFC00000,
        0x41E0000000000000, 0x41EFFFFFFFE00000, 0x43E0000000000000, 0x43F0000000000000, 0x4330000000000000, 0x4340000000000001,
        0x3CA0000000000000, 0x3CB0000000000000,
    ];

    private static readonly uint[] Singles =
    [
        0, 1, 0x007FFFFF, 0x00800000, 0x00800001, 0x3F800000, 0x3F800001, 0x3F000000, 0x3F7FFFFF, 0x40000000, 0x7F000000, 0x7F7FFFFF,
        0x7F800000, 0x7F800001, 0x7FA00000, 0x7FC00000, 0x7FFFFFFF, 0x4EFFFFFF, 0x4F000000, 0x4F7FFFFF, 0x4F800000, 0x5F000000,
        0x4B000000, 0x4B800001, 0x33800000, 0x34000000,
    ];

    private static readonly ushort[] QuadHeads = [0, 1, 0x3FFF, 0x3FFE, 0x4000, 0x7FFE, 0x7FFF, 0x403E, 0x403F, 0x401E, 0x3F8E, 0x3F8D];

    private readonly Random random = new(seed);

    public int Below(int limit) => random.Next(limit);

    public bool OneIn(int n) => random.Next(n) == 0;

    public T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

    public ulong Bits64() => (ulong)random.NextInt64(long.MinValue, long.MaxValue) ^ ((ulong)random.Next(2) << 63);

    public ulong Integer() => random.Next(6) switch
    {
        0 or 1 => Pick(Integers),
        2 => Bits64() & Bits64() & Bits64(),
        3 => Bits64() | Bits64() | Bits64(),
        4 => (ulong)(long)random.Next(-70000, 70000),
        _ => Bits64(),
    };

    /// <summary>A quadword for a VSR or memory: integers, floating-point values of each format, decimal digits.</summary>
    public (ulong High, ulong Low) Quadword() => random.Next(10) switch
    {
        0 => (Integer(), Integer()),
        1 => (Bits64(), Bits64()),
        2 or 3 or 4 => (Double(), Double()),
        5 or 6 => (SinglePair(), SinglePair()),
        7 => Quad(),
        8 => (Decimal(), (Decimal() & ~0xFUL) | (uint)random.Next(10, 16)),
        _ => (Doubles[random.Next(Doubles.Length)] & 0xFFFFFFFFE0000000, SingleAsDouble()),
    };

    /// <summary>A double: special, near 1 (so that sums cancel), representable as single, or any.</summary>
    public ulong Double()
    {
        ulong sign = (ulong)random.Next(2) << 63;
        return random.Next(5) switch
        {
            0 => Pick(Doubles) | sign,
            1 => sign | ((ulong)random.Next(0x3F0, 0x410) << 52) | (Bits64() >> 12),
            2 => SingleAsDouble(),
            3 => sign | ((ulong)random.Next(0, 0x7FF) << 52) | (Bits64() >> 12 & Bits64()),
            _ => Bits64(),
        };
    }

    /// <summary>A decimal number as the instruction takes it: national, zoned, binary, unsigned or signed packed (ISA 3.0B Book I 6.17).</summary>
    public (ulong High, ulong Low) Number(string mnemonic)
    {
        UInt128 digits = new UInt128(Decimal(), Decimal()) >> (4 * random.Next(32));
        switch (mnemonic)
        {
            case "bcdcfsq.":
                ulong high = Bits64() >> random.Next(15, 63);
                return OneIn(2) ? (high, Bits64()) : (~high, Bits64());
            case "bcdcfn.":
                return Spread((ulong)digits, 4, 16, 7, 0x0030, OneIn(2) ? 0x2Bu : 0x2Du);
            case "bcdcfz.":
                uint zone = OneIn(2) ? 0x30u : 0xF0u;
                return Spread((ulong)digits, 4, 8, 15, zone, Pick<uint>([0x30, 0x70, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0]) | (uint)random.Next(10));
            case "bcdus." or "bcdutrunc.":
                return ((ulong)(digits >> 64), (ulong)digits);
            default:
                digits = (digits << 4) | (uint)random.Next(10, 16);
                return ((ulong)(digits >> 64), (ulong)digits);
        }
    }

    private uint Single()
    {
        uint sign = (uint)random.Next(2) << 31;
        return random.Next(4) switch
        {
            0 => Pick(Singles) | sign,
            1 => sign | ((uint)random.Next(0x70, 0x90) << 23) | ((uint)Bits64() >> 9),
            2 => sign | ((uint)random.Next(0, 0x100) << 23) | ((uint)(Bits64() & Bits64()) >> 9),
            _ => (uint)Bits64(),
        };
    }

    private ulong SinglePair() => ((ulong)Single() << 32) | Single();

    private ulong SingleAsDouble() => BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(Single()));

    private (ulong High, ulong Low) Quad()
    {
        ulong head = OneIn(3) ? (ulong)random.Next(0x8000) : Pick(QuadHeads);
        ulong sign = (ulong)random.Next(2) << 63;
        return random.Next(3) switch
        {
            0 => (sign | (head << 48), (ulong)random.Next(2)),
            1 => (sign | (head << 48) | (Bits64() >> 16), Bits64()),
            _ => (sign | (head << 48) | 0xFFFFFFFFFFFF, ulong.MaxValue << random.Next(64)),
        };
    }

    // Digits spread to elements of a width above a last one that is given.
    private static (ulong High, ulong Low) Spread(ulong digits, int from, int to, int count, uint zone, uint last)
    {
        UInt128 result = last;
        for (int k = 0; k < count; k++, digits >>= from)
            result |= (UInt128)(zone | (digits & 0xF)) << (to * (k + 1));
        return ((ulong)(result >> 64), (ulong)result);
    }

    private ulong Decimal()
    {
        ulong digits = 0;
        bool nines = OneIn(4);
        for (int k = 0; k < 16; k++)
            digits = (digits << 4) | (nines ? 9 : (uint)random.Next(10));
        return OneIn(4) ? digits >> (4 * random.Next(16)) : digits;
    }
}
