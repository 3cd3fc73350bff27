using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>Conversions from and to 64-bit signed integers (ISA 3.0B Book I 5.6.5.2).</summary>
public static class DecimalFixedPoint
{
    /// <summary>dcffix[q].</summary>
    public static FpResult128 From(long value, DecimalFormat format, DecimalEnvironment env) =>
        DecimalDelivery.Rounded(new(value < 0, BigInteger.Abs(value), 0), 0, format, env);

    /// <summary>dctfix[q]. FPRF is undefined after it, here it stays.</summary>
    public static FpResult128 To(UInt128 b, DecimalFormat format, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        if (number.IsNaN)
            return Invalid(DecimalDelivery.Signal(number) | Fpscr.VXCVI, long.MinValue, env);
        long limit = number.Negative ? long.MinValue : long.MaxValue;

        // Far beyond 64 bits, so that no huge integer is made of an exponent.
        const int beyond = 20;
        if (number.IsInfinity || (!number.IsZero && number.Adjusted > beyond))
            return Invalid(Fpscr.VXCVI, limit, env);
        uint status = 0;
        BigInteger magnitude = number.Exponent < 0
            ? DecimalRounder.Drop(number.Coefficient, -number.Exponent, number.Negative, env.Rounding, ref status)
            : number.IsZero ? BigInteger.Zero : number.Coefficient * PowersOfTen.Big(number.Exponent);
        BigInteger value = number.Negative ? -magnitude : magnitude;
        return value < long.MinValue || value > long.MaxValue
            ? Invalid(Fpscr.VXCVI, limit, env)
            : new((ulong)(long)value, status);
    }

    private static FpResult128 Invalid(uint causes, long result, DecimalEnvironment env) =>
        env.InvalidEnabled ? DecimalDelivery.Suppressed(causes) : new((ulong)result, causes);
}
