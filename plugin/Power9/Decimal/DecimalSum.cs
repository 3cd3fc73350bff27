using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>dadd[q], dsub[q] (ISA 3.0B Book I 5.6.1).</summary>
public static class DecimalSum
{
    /// <summary>a + b.</summary>
    public static FpResult128 Add(UInt128 a, UInt128 b, DecimalFormat format, DecimalEnvironment env) =>
        Compute(DecimalEncoding.Unpack(a, format), DecimalEncoding.Unpack(b, format), format, env);

    /// <summary>a - b. A NaN keeps its sign.</summary>
    public static FpResult128 Subtract(UInt128 a, UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber subtrahend = DecimalEncoding.Unpack(b, format);
        if (!subtrahend.IsNaN)
            subtrahend = subtrahend with { Negative = !subtrahend.Negative };
        return Compute(DecimalEncoding.Unpack(a, format), subtrahend, format, env);
    }

    private static FpResult128 Compute(in DecimalNumber a, in DecimalNumber b, DecimalFormat format, DecimalEnvironment env)
    {
        if (a.IsNaN || b.IsNaN)
            return DecimalDelivery.NaN(a, b, format, env);
        if (a.IsInfinity && b.IsInfinity && a.Negative != b.Negative)
            return DecimalDelivery.Invalid(Fpscr.VXISI, format, env);
        if (a.IsInfinity || b.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(a.IsInfinity ? a.Negative : b.Negative), format);
        ExactDecimal sum = a.Exponent >= b.Exponent ? Exact(a, b, format, env) : Exact(b, a, format, env);
        return DecimalDelivery.Rounded(sum, Math.Min(a.Exponent, b.Exponent), format, env);
    }

    // The exponent of high is not less than that of low.
    private static ExactDecimal Exact(in DecimalNumber high, in DecimalNumber low, DecimalFormat format, DecimalEnvironment env)
    {
        if (high.IsZero)
            return new(low.IsZero ? ZeroIsNegative(high.Negative, low.Negative, env.Rounding) : low.Negative, low.Coefficient, low.Exponent);

        // From this distance on it only counts that the lower number is there: it is less than a tenth of half a unit in
        // the last place of the sum, even where the subtraction takes a digit from the higher.
        int limit = (2 * format.Precision) + 3;
        int gap = high.Exponent - low.Exponent;
        BigInteger small = low.Coefficient;
        if (gap > limit)
        {
            gap = limit;
            small = low.IsZero ? BigInteger.Zero : BigInteger.One;
        }

        BigInteger large = high.Coefficient * PowersOfTen.Big(gap);
        BigInteger sum = (high.Negative ? -large : large) + (low.Negative ? -small : small);
        bool negative = sum.IsZero ? ZeroIsNegative(high.Negative, low.Negative, env.Rounding) : sum.Sign < 0;
        return new(negative, BigInteger.Abs(sum), high.Exponent - gap);
    }

    private static bool ZeroIsNegative(bool a, bool b, DecimalRounding mode) =>
        a == b ? a : mode == DecimalRounding.TowardNegative;
}
