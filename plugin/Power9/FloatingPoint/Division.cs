namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Division: fdiv, xsdiv*, xvdiv*, xsdivqp.</summary>
public static class Division
{
    // Quotient bits computed: precision 113, one to normalize, one to round, and the sticky bit is kept apart.
    private const int QuotientBits = 116;

    /// <summary>a / b, rounded to <typeparamref name="TPrecision"/>; operands and result are <typeparamref name="TStorage"/> images.</summary>
    public static FpResult Divide<TStorage, TPrecision>(ulong a, ulong b, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic
            && ErrorFree.TryQuotient(Host.Load<TStorage>(a), Host.Load<TStorage>(b), out var quotient)
            && Host.TryDeliver<TStorage, TPrecision>(quotient, out var result))
        {
            return result;
        }

        uint exceptions = 0;
        var exact = Exact<TPrecision>(Encoding.Unpack<TStorage>(a), Encoding.Unpack<TStorage>(b), ref exceptions);
        return Delivery.To<TStorage, TPrecision>(exact, exceptions, env);
    }

    /// <summary>a / b in quad precision.</summary>
    public static FpResult128 DivideQuad(UInt128 a, UInt128 b, FpEnvironment env)
    {
        uint exceptions = 0;
        var exact = Exact<Binary128>(Encoding.Unpack<Binary128>(a), Encoding.Unpack<Binary128>(b), ref exceptions);
        return Delivery.ToQuad(exact, exceptions, env);
    }

    /// <summary>The quotient, with bits enough to round to <typeparamref name="TPrecision"/> and a sticky bit.</summary>
    internal static Unpacked Exact<TPrecision>(in Unpacked a, in Unpacked b, ref uint exceptions)
        where TPrecision : struct, IBinaryFormat
    {
        if (a.IsNaN || b.IsNaN)
        {
            return NotANumber.Propagate(a, b, ref exceptions);
        }

        var negative = a.Negative ^ b.Negative;
        if (a.IsInfinity)
        {
            return b.IsInfinity ? NotANumber.Invalid(Fpscr.VXIDI, ref exceptions) : Unpacked.Infinity(negative);
        }

        if (b.IsZero)
        {
            if (a.IsZero)
            {
                return NotANumber.Invalid(Fpscr.VXZDZ, ref exceptions);
            }

            exceptions |= Fpscr.ZX;
            return Unpacked.Infinity(negative);
        }

        if (a.IsZero || b.IsInfinity)
        {
            return Unpacked.Zero(negative);
        }

        return Quotient<TPrecision>(a, b, negative);
    }

    private static Unpacked Quotient<TPrecision>(in Unpacked a, in Unpacked b, bool negative)
        where TPrecision : struct, IBinaryFormat
    {
        var exponent = a.Exponent - b.Exponent;
        if (Format<TPrecision>.Precision <= Format<Binary64>.Precision
            && (ulong)a.Significand == 0 && (ulong)b.Significand == 0)
        {
            // Operands of up to 64 bits: one division gives 63 or 64 quotient bits.
            UInt128 divisor = (ulong)(b.Significand >> 64);
            var dividend = (UInt128)(ulong)(a.Significand >> 64) << 63;
            var (short64, rest) = UInt128.DivRem(dividend, divisor);
            return Unpacked.Normalize(
                negative, exponent, (short64 << 64) | (rest == UInt128.Zero ? UInt128.Zero : UInt128.One));
        }

        // Bit by bit: the remainder stays below the divisor, which is below 2^128, so one bit of headroom is needed.
        var denominator = b.Significand >> 1;
        var remainder = a.Significand >> 1;
        var quotient = UInt128.Zero;
        for (var bit = 0; bit < QuotientBits; bit++)
        {
            quotient <<= 1;
            if (remainder >= denominator)
            {
                remainder -= denominator;
                quotient |= UInt128.One;
            }

            remainder <<= 1;
        }

        const int unused = 128 - QuotientBits;
        quotient <<= unused;
        return Unpacked.Normalize(
            negative, exponent, remainder == UInt128.Zero ? quotient : quotient | UInt128.One);
    }
}
