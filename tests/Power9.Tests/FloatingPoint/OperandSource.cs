using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>Seeded operands that fall on the interesting places far more often than uniform bits would.</summary>
internal sealed class OperandSource
{
    private readonly Random random;

    public OperandSource(int seed) => random = new Random(seed);

    public static IReadOnlyList<RoundingMode> Modes { get; } = new[]
    {
        RoundingMode.NearestEven, RoundingMode.TowardZero, RoundingMode.TowardPositive, RoundingMode.TowardNegative,
    };

    public int Pick(int count) => random.Next(count);

    public UInt128 Bits128() => new((ulong)random.NextInt64() << 1 ^ (ulong)random.NextInt64(), (ulong)random.NextInt64() << 1 ^ (ulong)random.NextInt64());

    public ulong Bits64() => (ulong)Bits128();

    /// <summary>An FPSCR image with random rounding mode and, at times, enables.</summary>
    public ulong Control() => (uint)Pick(4) | (Pick(2) == 0 ? 0 : Bits64() & 0xF8);

    public UInt128 Operand(OracleFormat format)
    {
        var fraction = Fraction(format);
        var exponent = Pick(10) switch
        {
            0 => 0,
            1 => format.Top,
            2 => 1 + Pick(3),
            3 => format.Top - 1 - Pick(3),
            4 => Pick(format.Top + 1),
            5 => Math.Clamp(format.Bias / 2 + Pick(40), 0, format.Top),
            _ => Math.Clamp(format.Bias - 4 + Pick(9), 0, format.Top),
        };
        if (exponent == format.Top && Pick(2) == 0)
        {
            fraction = 0;
        }

        return (UInt128)(uint)Pick(2) << (format.Width - 1) | (UInt128)(uint)exponent << format.FractionBits | fraction;
    }

    /// <summary>An operand near another one: cancellation, ties and shared exponents.</summary>
    public UInt128 Near(UInt128 other, OracleFormat format)
    {
        var mask = (UInt128.One << format.Width) - 1;
        return Pick(5) switch
        {
            0 => other,
            1 => other ^ UInt128.One << (format.Width - 1),
            2 => (other + (UInt128)(uint)Pick(4)) & mask,
            3 => (other ^ Bits128() & (UInt128.One << Pick(format.Width)) - 1) & mask,
            _ => Operand(format),
        };
    }

    private UInt128 Fraction(OracleFormat format)
    {
        var mask = (UInt128.One << format.FractionBits) - 1;
        return Pick(6) switch
        {
            0 => 0,
            1 => mask,
            2 => UInt128.One << Pick(format.FractionBits),
            3 => mask << Pick(format.FractionBits) & mask,
            4 => mask >> Pick(format.FractionBits),
            _ => Bits128() & mask,
        };
    }
}
