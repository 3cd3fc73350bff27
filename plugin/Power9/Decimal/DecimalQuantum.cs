using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>The quantum adjustment instructions (ISA 3.0B Book I 5.6.4).</summary>
public static class DecimalQuantum
{
    /// <summary>dquai[q]: b with the exponent <paramref name="exponent"/>.</summary>
    public static FpResult128 Quantize(UInt128 b, int exponent, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (number.IsNaN)
            return DecimalDelivery.NaN(number, format, env);
        return number.IsInfinity ? DecimalDelivery.Invalid(Fpscr.VXCVI, format, env) : ToExponent(number, exponent, format, env);
    }

    /// <summary>dqua[q]: b with the exponent of a.</summary>
    public static FpResult128 Quantize(UInt128 a, UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber reference = DecimalEncoding.Unpack(a, format);
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (reference.IsNaN || number.IsNaN)
            return DecimalDelivery.NaN(reference, number, format, env);
        if (reference.IsInfinity && number.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(number.Negative), format);
        return reference.IsInfinity || number.IsInfinity
            ? DecimalDelivery.Invalid(Fpscr.VXCVI, format, env)
            : ToExponent(number, reference.Exponent, format, env);
    }

    /// <summary>drrnd[q]: b rounded to a number of significant digits, if it has more; 0 stands for any number.</summary>
    public static FpResult128 Reround(uint digits, UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (number.IsNaN)
            return DecimalDelivery.NaN(number, format, env);
        if (number.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(number.Negative), format);
        int excess = number.Digits - (int)digits;
        if (digits == 0 || excess <= 0)
            return DecimalDelivery.Number(number, format);
        uint status = 0;
        var kept = (UInt128)DecimalRounder.Drop(number.Coefficient, excess, number.Negative, env.Rounding, ref status);
        int exponent = number.Exponent + excess;
        if (PowersOfTen.Digits(kept) > (int)digits)
        {
            kept /= 10;
            exponent++;
        }

        return exponent > format.MaxExponent
            ? DecimalDelivery.Invalid(Fpscr.VXCVI, format, env)
            : DecimalDelivery.Number(DecimalNumber.Finite(number.Negative, kept, exponent), format, status);
    }

    /// <summary>drintx[q], drintn[q]: b rounded to an integer. Only the former notes that it was none.</summary>
    public static FpResult128 ToInteger(UInt128 b, bool inexact, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (number.IsNaN)
            return DecimalDelivery.NaN(number, format, env);
        if (number.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(number.Negative), format);
        if (number.Exponent >= 0)
            return DecimalDelivery.Number(number, format);
        uint status = 0;
        BigInteger kept = DecimalRounder.Drop(number.Coefficient, -number.Exponent, number.Negative, env.Rounding, ref status);
        return DecimalDelivery.Number(DecimalNumber.Finite(number.Negative, (UInt128)kept, 0), format, inexact ? status : 0);
    }

    private static FpResult128 ToExponent(in DecimalNumber number, int exponent, DecimalFormat format, DecimalEnvironment env)
    {
        uint status = 0;
        int drop = exponent - number.Exponent;
        UInt128 coefficient = number.Coefficient;
        if (drop > 0)
            coefficient = (UInt128)DecimalRounder.Drop(coefficient, drop, number.Negative, env.Rounding, ref status);
        else if (!number.IsZero && number.Digits - drop > format.Precision)
            return DecimalDelivery.Invalid(Fpscr.VXCVI, format, env);
        else if (!number.IsZero)
            coefficient *= PowersOfTen.Small(-drop);
        return DecimalDelivery.Number(DecimalNumber.Finite(number.Negative, coefficient, exponent), format, status);
    }
}
