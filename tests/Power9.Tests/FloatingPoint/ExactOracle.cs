using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>A format by its two widths, as the oracle needs it.</summary>
internal sealed record OracleFormat(string Name, int FractionBits, int ExponentBits)
{
    public static readonly OracleFormat Half = new("binary16", 10, 5);
    public static readonly OracleFormat Single = new("binary32", 23, 8);
    public static readonly OracleFormat Double = new("binary64", 52, 11);
    public static readonly OracleFormat Quad = new("binary128", 112, 15);

    public int Width => 1 + ExponentBits + FractionBits;

    public int Bias => (1 << (ExponentBits - 1)) - 1;

    public int Top => (1 << ExponentBits) - 1;
}

/// <summary>A decoded operand: a NaN, an infinity or an exact dyadic number Magnitude * 2^Scale.</summary>
internal readonly record struct OracleValue(
    bool Negative, BigInteger Magnitude, int Scale, bool IsInfinity, bool IsNaN, bool IsSignalling)
{
    public bool IsZero => !IsInfinity && !IsNaN && Magnitude.IsZero;

    public BigInteger Signed => Negative ? -Magnitude : Magnitude;
}

/// <summary>An exact magnitude, or one with more bits below it than were computed.</summary>
internal readonly record struct OracleExact(BigInteger Magnitude, int Scale, bool More);

/// <summary>
/// IEEE 754 rounding done the slow, obvious way on big integers, written from the standard and the ISA's words without
/// regard to the code under test. Flags come at their FPSCR places.
/// </summary>
internal static class ExactOracle
{
    public static OracleValue Decode(UInt128 image, OracleFormat format)
    {
        BigInteger bits = image;
        var fraction = bits % BigInteger.Pow(2, format.FractionBits);
        var exponent = (int)(bits / BigInteger.Pow(2, format.FractionBits) % BigInteger.Pow(2, format.ExponentBits));
        var negative = bits / BigInteger.Pow(2, format.Width - 1) == 1;
        if (exponent == format.Top)
        {
            var quiet = fraction >= BigInteger.Pow(2, format.FractionBits - 1);
            return new(negative, 0, 0, fraction.IsZero, !fraction.IsZero, !fraction.IsZero && !quiet);
        }

        return exponent == 0
            ? new(negative, fraction, 1 - format.Bias - format.FractionBits, false, false, false)
            : new(negative, fraction + BigInteger.Pow(2, format.FractionBits), exponent - format.Bias - format.FractionBits, false, false, false);
    }

    /// <summary>The sum of dyadic numbers as sign and exact magnitude; the sign of a zero sum is not decided here.</summary>
    public static (bool Negative, OracleExact Exact) Sum(BigInteger a, int scaleA, BigInteger b, int scaleB)
    {
        var scale = Math.Min(scaleA, scaleB);
        var sum = (a << (scaleA - scale)) + (b << (scaleB - scale));
        return (sum.Sign < 0, new(BigInteger.Abs(sum), scale, false));
    }

    public static OracleExact Quotient(OracleValue a, OracleValue b)
    {
        const int extra = 300;
        var quotient = BigInteger.DivRem(a.Magnitude << extra, b.Magnitude, out var rest);
        return new(quotient, a.Scale - b.Scale - extra, !rest.IsZero);
    }

    public static OracleExact Root(OracleValue a)
    {
        // An even scale with some 300 bits to take the root of.
        var extra = 400 + ((a.Scale & 1) == 0 ? 0 : 1);
        var radicand = a.Magnitude << extra;
        var root = IntegerRoot(radicand);
        return new(root, (a.Scale - extra) / 2, root * root != radicand);
    }

    /// <summary>
    /// Rounds to the format and encodes in it. With an enabled overflow or underflow the result's exponent is
    /// adjusted; it may then lie outside the format, so the value is returned as a number too.
    /// </summary>
    public static (OracleValue Value, uint Flags) Round(
        bool negative, OracleExact exact, OracleFormat format, RoundingMode mode, bool overflowEnabled, bool underflowEnabled)
    {
        var (magnitude, scale, more) = exact;
        if (magnitude.IsZero && !more)
        {
            return (new(negative, 0, 0, false, false, false), 0);
        }

        uint flags = 0;
        var adjust = 3 * (1 << (format.ExponentBits - 2));
        var leastExponent = 1 - format.Bias;
        var exponent = scale + (int)(long)magnitude.GetBitLength() - 1;
        var quantum = exponent - format.FractionBits;
        var tiny = exponent < leastExponent;
        if (tiny && underflowEnabled)
        {
            flags |= Fpscr.UX;
            scale += adjust;
            quantum += adjust;
            tiny = false;
        }
        else if (tiny)
        {
            quantum = leastExponent - format.FractionBits;
        }

        var (units, lost) = RoundToUnits(magnitude, scale, more, quantum, negative, mode);
        flags |= lost;
        if (tiny && lost != 0)
        {
            flags |= Fpscr.UX;
        }

        var limit = BigInteger.Pow(2, format.FractionBits + 1);
        if (!tiny && quantum + (int)(long)units.GetBitLength() - 1 > format.Bias)
        {
            flags |= Fpscr.OX;
            if (overflowEnabled)
            {
                quantum -= adjust;
            }
            else
            {
                var away = mode == RoundingMode.NearestEven
                    || (mode == RoundingMode.TowardPositive && !negative)
                    || (mode == RoundingMode.TowardNegative && negative);
                flags = (flags & ~Fpscr.FR) | Fpscr.XX | Fpscr.FI | (away ? Fpscr.FR : 0);
                return away
                    ? (new(negative, 0, 0, true, false, false), flags)
                    : (new(negative, limit - 1, format.Bias - format.FractionBits, false, false, false), flags);
            }
        }

        return (new(negative, units, quantum, false, false, false), flags);
    }

    /// <summary>The multiple of 2^quantum a magnitude rounds to, with XX, FI and FR.</summary>
    public static (BigInteger Units, uint Lost) RoundToUnits(
        BigInteger magnitude, int scale, bool more, int quantum, bool negative, RoundingMode mode)
    {
        // Twice the number of quanta, so that a half is an integer; plus whether anything is beyond.
        var shift = quantum - 1 - scale;
        BigInteger halves;
        if (shift <= 0)
        {
            halves = magnitude << -shift;
        }
        else
        {
            halves = magnitude >> shift;
            more |= halves << shift != magnitude;
        }

        var units = halves / 2;
        var atLeastHalf = !halves.IsEven;
        if (!atLeastHalf && !more)
        {
            return (units, 0);
        }

        var up = mode switch
        {
            RoundingMode.NearestEven => atLeastHalf && (more || !units.IsEven),
            RoundingMode.NearestAway => atLeastHalf,
            RoundingMode.TowardPositive => !negative,
            RoundingMode.TowardNegative => negative,
            RoundingMode.Odd => units.IsEven,
            _ => false,
        };
        return (up ? units + 1 : units, Fpscr.XX | Fpscr.FI | (up ? Fpscr.FR : 0));
    }

    /// <summary>The image of a number or infinity that the format holds exactly.</summary>
    public static UInt128 Encode(OracleValue value, OracleFormat format)
    {
        var sign = value.Negative ? BigInteger.Pow(2, format.Width - 1) : 0;
        if (value.IsInfinity)
        {
            return (UInt128)(sign + (BigInteger)format.Top * BigInteger.Pow(2, format.FractionBits));
        }

        if (value.Magnitude.IsZero)
        {
            return (UInt128)sign;
        }

        var exponent = value.Scale + (int)(long)value.Magnitude.GetBitLength() - 1;
        var quantum = Math.Max(exponent, 1 - format.Bias) - format.FractionBits;
        var (units, lost) = RoundToUnits(value.Magnitude, value.Scale, false, quantum, false, RoundingMode.TowardZero);
        if (lost != 0 || exponent > format.Bias)
        {
            throw new ArgumentException("not representable", nameof(value));
        }

        var biased = exponent < 1 - format.Bias ? 0 : exponent + format.Bias - 1;
        return (UInt128)(sign + (BigInteger)biased * BigInteger.Pow(2, format.FractionBits) + units);
    }

    /// <summary>FPRF of a number seen in the format.</summary>
    public static uint Class(OracleValue value, OracleFormat format)
    {
        uint fprf;
        if (value.IsNaN)
        {
            fprf = 0b10001;
        }
        else if (value.IsInfinity)
        {
            fprf = value.Negative ? 0b01001u : 0b00101u;
        }
        else if (value.Magnitude.IsZero)
        {
            fprf = value.Negative ? 0b10010u : 0b00010u;
        }
        else if (value.Scale + (int)(long)value.Magnitude.GetBitLength() - 1 < 1 - format.Bias)
        {
            fprf = value.Negative ? 0b11000u : 0b10100u;
        }
        else
        {
            fprf = value.Negative ? 0b01000u : 0b00100u;
        }

        return fprf << 12;
    }

    private static BigInteger IntegerRoot(BigInteger n)
    {
        if (n.IsZero)
        {
            return 0;
        }

        var guess = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (guess + n / guess) >> 1;
            if (next >= guess)
            {
                return guess;
            }

            guess = next;
        }
    }
}
