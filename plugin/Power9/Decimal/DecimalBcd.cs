using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>Significands from and to packed decimal digits of four bits (ISA 3.0B Book I 5.6.6: ddedpd, denbcd).</summary>
public static class DecimalBcd
{
    private const uint Plus = 0xC;
    private const uint Minus = 0xD;
    private const uint AlternatePlus = 0xF;
    private const uint AlternateMinus = 0xB;
    private const uint LargestDigit = 9;

    /// <summary>ddedpd[q]: the last digits of the significand, as many as there is room for.</summary>
    /// <param name="b">Image of a number; of an infinity or NaN the trailing significand counts.</param>
    /// <param name="signed">Whether the last four bits hold the sign.</param>
    /// <param name="alternate">Whether plus is 0b1111, not 0b1100.</param>
    /// <param name="format">Format of b.</param>
    public static UInt128 Decode(UInt128 b, bool signed, bool alternate, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        UInt128 digits = number.Coefficient;
        UInt128 packed = 0;
        int at = 0;
        if (signed)
        {
            packed = number.Negative ? Minus : alternate ? AlternatePlus : Plus;
            at = 4;
        }

        for (; at < format.Width; at += 4)
        {
            (digits, UInt128 digit) = UInt128.DivRem(digits, 10);
            packed |= digit << at;
        }

        return packed;
    }

    /// <summary>denbcd[q]: an integer of the packed digits, with exponent 0.</summary>
    public static FpResult128 Encode(UInt128 packed, bool signed, DecimalFormat format, DecimalEnvironment env)
    {
        bool negative = false;
        bool valid = true;
        int end = 0;
        if (signed)
        {
            uint sign = (uint)packed & 0xF;
            negative = sign is Minus or AlternateMinus;
            valid = sign > LargestDigit;
            end = 4;
        }

        UInt128 coefficient = 0;
        for (int at = format.Width - 4; at >= end; at -= 4)
        {
            uint digit = (uint)(packed >> at) & 0xF;
            valid &= digit <= LargestDigit;
            coefficient = (coefficient * 10) + digit;
        }

        return valid
            ? DecimalDelivery.Number(DecimalNumber.Finite(negative, coefficient, 0), format)
            : DecimalDelivery.Invalid(Fpscr.VXCVI, format, env);
    }
}
