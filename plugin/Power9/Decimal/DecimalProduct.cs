using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>dmul[q], ddiv[q] (ISA 3.0B Book I 5.6.1).</summary>
public static class DecimalProduct
{
    /// <summary>a * b.</summary>
    public static FpResult128 Multiply(UInt128 a, UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber left = DecimalEncoding.Unpack(a, format);
        DecimalNumber right = DecimalEncoding.Unpack(b, format);
        bool negative = left.Negative != right.Negative;
        if (left.IsNaN || right.IsNaN)
            return DecimalDelivery.NaN(left, right, format, env);
        if ((left.IsInfinity && right.IsZero) || (left.IsZero && right.IsInfinity))
            return DecimalDelivery.Invalid(Fpscr.VXIMZ, format, env);
        if (left.IsInfinity || right.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(negative), format);
        int exponent = left.Exponent + right.Exponent;
        var product = (BigInteger)left.Coefficient * (BigInteger)right.Coefficient;
        return DecimalDelivery.Rounded(new(negative, product, exponent), exponent, format, env);
    }

    /// <summary>a / b.</summary>
    public static FpResult128 Divide(UInt128 a, UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber dividend = DecimalEncoding.Unpack(a, format);
        DecimalNumber divisor = DecimalEncoding.Unpack(b, format);
        bool negative = dividend.Negative != divisor.Negative;
        if (dividend.IsNaN || divisor.IsNaN)
            return DecimalDelivery.NaN(dividend, divisor, format, env);
        if (dividend.IsInfinity && divisor.IsInfinity)
            return DecimalDelivery.Invalid(Fpscr.VXIDI, format, env);
        if (dividend.IsZero && divisor.IsZero)
            return DecimalDelivery.Invalid(Fpscr.VXZDZ, format, env);
        if (dividend.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Infinity(negative), format);
        if (divisor.IsInfinity)
            return DecimalDelivery.Number(DecimalNumber.Finite(negative, 0, format.MinExponent), format);
        if (divisor.IsZero)
        {
            return env.ZeroDivideEnabled
                ? DecimalDelivery.Suppressed(Fpscr.ZX)
                : DecimalDelivery.Number(DecimalNumber.Infinity(negative), format, Fpscr.ZX);
        }

        int ideal = dividend.Exponent - divisor.Exponent;
        return DecimalDelivery.Rounded(Quotient(dividend, divisor, negative, format), ideal, format, env);
    }

    private static ExactDecimal Quotient(in DecimalNumber dividend, in DecimalNumber divisor, bool negative, DecimalFormat format)
    {
        // Two digits more than the precision: one to round by, one because the leading digits decide the length.
        int scale = Math.Max(0, format.Precision + 2 + divisor.Digits - dividend.Digits);
        int exponent = dividend.Exponent - divisor.Exponent - scale;
        BigInteger quotient = BigInteger.DivRem(dividend.Coefficient * PowersOfTen.Big(scale), divisor.Coefficient, out BigInteger rest);
        return rest.IsZero ? new(negative, quotient, exponent) : new(negative, (quotient * 10) + 1, exponent - 1);
    }
}
