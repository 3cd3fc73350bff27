using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>Rounding, overflow and underflow (ISA 3.0B Book I 5.5.2, 5.5.10.3 to 5.5.10.5).</summary>
internal static class DecimalRounder
{
    /// <summary>
    /// Rounds to a format. An exact result takes the exponent nearest to the ideal one, an inexact one the least.
    /// Raises OX, UX, XX and sets FR and FI in <paramref name="status"/>.
    /// </summary>
    /// <param name="exact">The result before rounding.</param>
    /// <param name="ideal">The ideal exponent.</param>
    /// <param name="source">Format of the operands.</param>
    /// <param name="target">Format of the result.</param>
    /// <param name="env">Rounding mode and enables.</param>
    /// <param name="status">As <see cref="FpResult.Status"/>.</param>
    /// <param name="delivered">
    /// <paramref name="target"/>; after an enabled overflow or underflow <paramref name="source"/>: what drsp and drdpq
    /// then deliver has the target's precision and the source's format, in which alone the adjusted exponent fits.
    /// </param>
    public static DecimalNumber ToFormat(
        ExactDecimal exact,
        int ideal,
        DecimalFormat source,
        DecimalFormat target,
        DecimalEnvironment env,
        ref uint status,
        out DecimalFormat delivered)
    {
        delivered = target;
        if (exact.Coefficient.IsZero)
            return DecimalNumber.Finite(exact.Negative, 0, Math.Clamp(ideal, target.MinExponent, target.MaxExponent));

        // Tininess is detected before rounding.
        int adjustment = source == target ? source.ExponentAdjustment : source.NarrowingAdjustment;
        bool tiny = exact.Adjusted < target.MinAdjusted;
        if (tiny && env.UnderflowEnabled)
        {
            status |= Fpscr.UX;
            delivered = source;
            return Fit(exact.Scale(adjustment), ideal + adjustment, target.Precision, source, env.Rounding, ref status);
        }

        uint rounding = 0;
        DecimalNumber number = Fit(exact, ideal, target.Precision, target, env.Rounding, ref rounding);
        if (!number.IsZero && number.Adjusted > target.MaxAdjusted)
        {
            status |= Fpscr.OX;
            if (!env.OverflowEnabled)
                return Overflow(exact.Negative, target, env.Rounding, ref status);
            delivered = source;
            return Fit(exact.Scale(-adjustment), ideal - adjustment, target.Precision, source, env.Rounding, ref status);
        }

        status |= rounding;
        if (tiny && (rounding & Fpscr.XX) != 0)
            status |= Fpscr.UX;
        return FoldDown(number, target);
    }

    /// <summary>
    /// A coefficient without its last digits, rounded. XX, FI and FR in <paramref name="status"/> tell what was lost
    /// and whether the magnitude grew.
    /// </summary>
    public static BigInteger Drop(BigInteger coefficient, int digits, bool negative, DecimalRounding mode, ref uint status)
    {
        // Beyond one digit more than there are, nothing changes.
        BigInteger unit = PowersOfTen.Big(Math.Min(digits, PowersOfTen.Digits(coefficient) + 1));
        BigInteger kept = BigInteger.DivRem(coefficient, unit, out BigInteger lost);
        if (lost.IsZero)
            return kept;
        status |= Fpscr.XX | Fpscr.FI;
        if (!Grows(kept, (lost * 2).CompareTo(unit), negative, mode))
            return kept;
        status |= Fpscr.FR;
        return kept + BigInteger.One;
    }

    private static bool Grows(BigInteger kept, int half, bool negative, DecimalRounding mode) => mode switch
    {
        DecimalRounding.NearestEven => half > 0 || (half == 0 && !kept.IsEven),
        DecimalRounding.NearestAway => half >= 0,
        DecimalRounding.NearestTowardZero => half > 0,
        DecimalRounding.TowardPositive => !negative,
        DecimalRounding.TowardNegative => negative,
        DecimalRounding.AwayFromZero => true,
        DecimalRounding.ShorterPrecision => (kept % 5).IsZero,
        _ => false,
    };

    // To the precision and to the range's least exponent; the greatest exponent is the caller's business.
    private static DecimalNumber Fit(
        ExactDecimal exact, int ideal, int precision, DecimalFormat range, DecimalRounding mode, ref uint status)
    {
        BigInteger coefficient = exact.Coefficient;
        int exponent = exact.Exponent;
        int excess = Math.Max(PowersOfTen.Digits(coefficient) - precision, range.MinExponent - exponent);
        if (excess > 0)
        {
            coefficient = Drop(coefficient, excess, exact.Negative, mode, ref status);
            exponent += excess;
            if (PowersOfTen.Digits(coefficient) > precision)
            {
                coefficient /= 10;
                exponent++;
            }
        }

        var kept = (UInt128)coefficient;
        if ((status & Fpscr.XX) == 0)
            (kept, exponent) = TowardIdeal(kept, exponent, Math.Max(ideal, range.MinExponent), precision);
        return DecimalNumber.Finite(exact.Negative, kept, exponent);
    }

    private static (UInt128 Coefficient, int Exponent) TowardIdeal(UInt128 coefficient, int exponent, int ideal, int precision)
    {
        if (exponent > ideal)
        {
            int shift = Math.Min(exponent - ideal, precision - PowersOfTen.Digits(coefficient));
            return (coefficient * PowersOfTen.Small(shift), exponent - shift);
        }

        while (exponent < ideal)
        {
            (UInt128 quotient, UInt128 digit) = UInt128.DivRem(coefficient, 10);
            if (digit != UInt128.Zero)
                break;
            coefficient = quotient;
            exponent++;
        }

        return (coefficient, exponent);
    }

    // An exponent too great for the format is lowered by zeros at the end.
    private static DecimalNumber FoldDown(in DecimalNumber number, DecimalFormat format)
    {
        int shift = number.Exponent - format.MaxExponent;
        return shift <= 0 ? number : number with { Coefficient = number.Coefficient * PowersOfTen.Small(shift), Exponent = format.MaxExponent };
    }

    // Disabled overflow. FI and XX are set; the ISA leaves FR undefined, here it keeps its meaning (the magnitude grew).
    private static DecimalNumber Overflow(bool negative, DecimalFormat format, DecimalRounding mode, ref uint status)
    {
        status |= Fpscr.XX | Fpscr.FI;
        bool infinite = mode switch
        {
            DecimalRounding.TowardZero or DecimalRounding.ShorterPrecision => false,
            DecimalRounding.TowardPositive => !negative,
            DecimalRounding.TowardNegative => negative,
            _ => true,
        };
        if (!infinite)
            return DecimalNumber.Finite(negative, PowersOfTen.Small(format.Precision) - 1, format.MaxExponent);
        status |= Fpscr.FR;
        return DecimalNumber.Infinity(negative);
    }
}
