namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// Rounds an exact (or sticky) number to a format, with the overflow, underflow and inexact rules of Power ISA 3.0B,
/// Book I, 4.4.3 to 4.4.5.
/// </summary>
internal static class Rounding
{
    private static readonly UInt128 LeadingBit = UInt128.One << 127;

    /// <summary>
    /// The number rounded to <typeparamref name="T"/>, still unpacked. Tininess is detected before rounding.
    /// Raises OX, UX, XX and sets FR and FI in <paramref name="status"/>.
    /// </summary>
    public static Unpacked ToFormat<T>(in Unpacked value, FpEnvironment env, ref uint status)
        where T : struct, IBinaryFormat
    {
        var exponent = value.Exponent;
        var significand = value.Significand;
        var drop = 128 - Format<T>.Precision;
        var tiny = exponent < Format<T>.MinExponent;
        if (tiny)
        {
            if (env.UnderflowEnabled)
            {
                exponent += Format<T>.TrapAdjustment;
                status |= Fpscr.UX;
                tiny = false;
            }
            else
            {
                significand = Shift.RightJam(significand, Format<T>.MinExponent - exponent);
                exponent = Format<T>.MinExponent;
            }
        }

        var rounded = Apply(significand, drop, env.Rounding, value.Negative, out var carry, out var lost);
        status |= lost;
        if (carry)
        {
            exponent++;
        }

        if (tiny)
        {
            // Without loss of accuracy a disabled underflow is no exception.
            status |= lost != 0 ? Fpscr.UX | Fpscr.XX : 0;
            return Unpacked.Normalize(value.Negative, exponent, rounded);
        }

        status |= lost != 0 ? Fpscr.XX : 0;
        if (exponent > Format<T>.MaxExponent)
        {
            status |= Fpscr.OX;
            if (!env.OverflowEnabled)
            {
                return Overflow<T>(value.Negative, env.Rounding, ref status);
            }

            exponent -= Format<T>.TrapAdjustment;
        }

        return new(FpKind.Finite, value.Negative, exponent, rounded);
    }

    /// <summary>
    /// Rounds a significand to a multiple of 2^drop, 0 &lt;= drop &lt;= 127. A carry out of bit 127 leaves 2^127 and
    /// sets <paramref name="carry"/>; <paramref name="lost"/> is FI if inexact, with FR if the magnitude grew.
    /// </summary>
    public static UInt128 Apply(
        UInt128 significand, int drop, RoundingMode mode, bool negative, out bool carry, out uint lost)
    {
        var unit = UInt128.One << drop;
        var remainder = significand & (unit - UInt128.One);
        var kept = significand - remainder;
        carry = false;
        if (remainder == UInt128.Zero)
        {
            lost = 0;
            return kept;
        }

        var half = unit >> 1;
        var odd = (kept & unit) != UInt128.Zero;
        var away = mode switch
        {
            RoundingMode.NearestEven => remainder > half || (remainder == half && odd),
            RoundingMode.NearestAway => remainder >= half,
            RoundingMode.TowardPositive => !negative,
            RoundingMode.TowardNegative => negative,
            RoundingMode.Odd => !odd,
            RoundingMode.AwayFromZero => true,
            _ => false,
        };
        if (!away)
        {
            lost = Fpscr.FI;
            return kept;
        }

        lost = Fpscr.FI | Fpscr.FR;
        kept += unit;
        if (kept == UInt128.Zero)
        {
            carry = true;
            kept = LeadingBit;
        }

        return kept;
    }

    /// <summary>
    /// Disabled overflow: infinity or the largest number, as mode and sign say. FI and XX are set; the ISA leaves FR
    /// undefined, here it keeps its meaning (the magnitude grew).
    /// </summary>
    private static Unpacked Overflow<T>(bool negative, RoundingMode mode, ref uint status)
        where T : struct, IBinaryFormat
    {
        status = (status & ~Fpscr.FR) | Fpscr.FI | Fpscr.XX;
        var infinite = mode switch
        {
            RoundingMode.NearestEven or RoundingMode.NearestAway or RoundingMode.AwayFromZero => true,
            RoundingMode.TowardPositive => !negative,
            RoundingMode.TowardNegative => negative,
            _ => false,
        };
        if (infinite)
        {
            status |= Fpscr.FR;
            return Unpacked.Infinity(negative);
        }

        var largest = UInt128.MaxValue << (128 - Format<T>.Precision);
        return new(FpKind.Finite, negative, Format<T>.MaxExponent, largest);
    }
}
