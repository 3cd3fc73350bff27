using RenodeUvmem.Power9.Decimal;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Random operands of decimal instructions: what sits at the edges of the formats as often as anything else.</summary>
internal sealed class DecimalSource(int seed)
{
    private readonly Random random = new(seed);

    public int Below(int limit) => random.Next(limit);

    public bool OneIn(int n) => random.Next(n) == 0;

    public ulong Bits64() => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>An image: a number, a special or any bits.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="near">An exponent, such that the operand's is often near it.</param>
    public UInt128 Image(DecimalFormat format, int near) => random.Next(10) switch
    {
        0 => Special(format),
        1 => new UInt128(Bits64(), Bits64()) & (UInt128.MaxValue >> (128 - format.Width)),
        _ => DecimalEncoding.Pack(DecimalNumber.Finite(OneIn(2), Coefficient(format.Precision), Exponent(format, near)), format),
    };

    /// <summary>An exponent of a format: near a given one, near 0, at the edges, or any.</summary>
    public int Exponent(DecimalFormat format, int near)
    {
        int exponent = random.Next(6) switch
        {
            0 => format.MinExponent + random.Next(2 * format.Precision),
            1 => format.MaxExponent - random.Next(2 * format.Precision),
            2 => random.Next(-20, 20),
            3 => random.Next(format.MinExponent, format.MaxExponent + 1),
            4 => random.Next(2) == 0 ? format.MinExponent / 2 - random.Next(-20, 20) : format.MaxExponent / 2 + random.Next(-20, 20),
            _ => near + random.Next(-2 * format.Precision, 2 * format.Precision),
        };
        return Math.Clamp(exponent, format.MinExponent, format.MaxExponent);
    }

    /// <summary>Packed decimal digits, now and then with one that is none, and a sign.</summary>
    public ulong Packed()
    {
        ulong packed = 0;
        int digits = 1 + random.Next(16);
        bool nines = OneIn(5);
        for (int k = 0; k < digits; k++)
            packed = (packed << 4) | (nines ? 9 : (uint)random.Next(10));
        if (OneIn(8))
            packed |= 0xFUL << (4 * random.Next(16));
        return OneIn(2) ? (packed & ~0xFUL) | (uint)random.Next(9, 16) : packed;
    }

    /// <summary>An integer of any length.</summary>
    public ulong Integer() => random.Next(4) switch
    {
        0 => (ulong)(long)random.Next(-20, 20),
        1 => (ulong)((long)Bits64() >> random.Next(64)),
        2 => (ulong)(long)(decimal)Math.Pow(10, random.Next(18)) + (ulong)(long)random.Next(-1, 2),
        _ => Bits64(),
    };

    private UInt128 Special(DecimalFormat format)
    {
        var number = new DecimalNumber(
            (DecimalKind)(1 + random.Next(3)), OneIn(2), OneIn(2) ? UInt128.Zero : Coefficient(format.Precision - 1), 0);
        UInt128 reserved = OneIn(4) ? (UInt128)(uint)random.Next(1 << (format.ContinuationBits - 1)) << format.TrailingBits : UInt128.Zero;
        return DecimalEncoding.Pack(number, format) | reserved;
    }

    private UInt128 Coefficient(int precision)
    {
        int digits = random.Next(5) switch { 0 => 0, 1 => precision, _ => random.Next(precision + 1) };
        int kind = random.Next(6);
        UInt128 value = 0;
        for (int k = 0; k < digits; k++)
        {
            uint digit = kind switch
            {
                0 => 9,
                1 => k == 0 ? 1u : 0u,
                2 => k == digits - 1 ? 5u : 0u,
                _ => (uint)random.Next(10),
            };
            value = (value * 10) + digit;
        }

        // Zeros at the end make the choice within a cohort matter.
        if (kind == 3)
        {
            for (int k = random.Next(precision); k > 0 && value != UInt128.Zero; k--)
                value /= 10;
            for (int k = random.Next(4); k > 0 && value * 10 < Limit(precision); k--)
                value *= 10;
        }

        return value;
    }

    private static UInt128 Limit(int precision)
    {
        UInt128 limit = 1;
        for (int k = 0; k < precision; k++)
            limit *= 10;
        return limit;
    }
}
