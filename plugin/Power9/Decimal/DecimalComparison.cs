using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>dcmpu[q], dcmpo[q], dtstex[q] and dtstsf[i][q] (ISA 3.0B Book I 5.6.2, 5.6.3).</summary>
public static class DecimalComparison
{
    /// <summary>How the value of a relates to that of b.</summary>
    public static Relation Values(UInt128 a, UInt128 b, DecimalFormat format)
    {
        DecimalNumber left = DecimalEncoding.Unpack(a, format);
        DecimalNumber right = DecimalEncoding.Unpack(b, format);
        if (left.IsNaN || right.IsNaN)
            return Relation.Unordered;
        if (left.IsZero && right.IsZero)
            return Relation.Equal;
        if (left.IsZero || right.IsZero || left.Negative != right.Negative)
            return (left.IsZero ? right.Negative : !left.Negative) ? Relation.Greater : Relation.Less;
        int magnitudes = Magnitudes(left, right);
        return FromSign(left.Negative ? -magnitudes : magnitudes);
    }

    /// <summary>
    /// The status of an unordered outcome: VXSNAN if an operand signals; where the instruction is the ordered one VXVC
    /// too, unless a signalling NaN is an enabled exception already.
    /// </summary>
    public static uint UnorderedStatus(UInt128 a, UInt128 b, bool ordered, DecimalFormat format, DecimalEnvironment env)
    {
        uint status = DecimalDelivery.Signal(DecimalEncoding.Unpack(a, format)) | DecimalDelivery.Signal(DecimalEncoding.Unpack(b, format));
        return ordered && (status == 0 || !env.InvalidEnabled) ? status | Fpscr.VXVC : status;
    }

    /// <summary>How the exponent of a relates to that of b. Infinities are equal to one another, and so are NaNs.</summary>
    public static Relation Exponents(UInt128 a, UInt128 b, DecimalFormat format)
    {
        DecimalNumber left = DecimalEncoding.Unpack(a, format);
        DecimalNumber right = DecimalEncoding.Unpack(b, format);
        if (left.IsFinite && right.IsFinite)
            return FromSign(left.Exponent.CompareTo(right.Exponent));
        return (left.IsNaN && right.IsNaN) || (left.IsInfinity && right.IsInfinity) ? Relation.Equal : Relation.Unordered;
    }

    /// <summary>How a number of digits, 0 counting as more than any, relates to the significant digits of b.</summary>
    public static Relation Significance(uint digits, UInt128 b, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (!number.IsFinite)
            return Relation.Unordered;
        return digits == 0 ? Relation.Greater : FromSign(((int)digits).CompareTo(number.Digits));
    }

    // Neither is zero or a NaN.
    private static int Magnitudes(in DecimalNumber a, in DecimalNumber b)
    {
        if (a.IsInfinity || b.IsInfinity)
            return a.IsInfinity.CompareTo(b.IsInfinity);
        if (a.Adjusted != b.Adjusted)
            return a.Adjusted.CompareTo(b.Adjusted);

        // Leftmost digits of the same weight: exponents differ by less than the precision.
        int gap = a.Exponent - b.Exponent;
        BigInteger left = a.Coefficient * PowersOfTen.Big(Math.Max(gap, 0));
        return left.CompareTo(b.Coefficient * PowersOfTen.Big(Math.Max(-gap, 0)));
    }

    private static Relation FromSign(int sign) => sign < 0 ? Relation.Less : sign > 0 ? Relation.Greater : Relation.Equal;
}
