namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Multiplication: fmul, xsmul*, xvmul*, xsmulqp.</summary>
public static class Multiplication
{
    /// <summary>a * b, rounded to <typeparamref name="TPrecision"/>; operands and result are <typeparamref name="TStorage"/> images.</summary>
    public static FpResult Multiply<TStorage, TPrecision>(ulong a, ulong b, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic
            && ErrorFree.TryProduct(Host.Load<TStorage>(a), Host.Load<TStorage>(b), out var product)
            && Host.TryDeliver<TStorage, TPrecision>(product, out var result))
        {
            return result;
        }

        uint exceptions = 0;
        var exact = Exact(Encoding.Unpack<TStorage>(a), Encoding.Unpack<TStorage>(b), ref exceptions);
        return Delivery.To<TStorage, TPrecision>(exact, exceptions, env);
    }

    /// <summary>a * b in quad precision.</summary>
    public static FpResult128 MultiplyQuad(UInt128 a, UInt128 b, FpEnvironment env)
    {
        uint exceptions = 0;
        var exact = Exact(Encoding.Unpack<Binary128>(a), Encoding.Unpack<Binary128>(b), ref exceptions);
        return Delivery.ToQuad(exact, exceptions, env);
    }

    /// <summary>The product, exact but for a sticky bit.</summary>
    internal static Unpacked Exact(in Unpacked a, in Unpacked b, ref uint exceptions)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return NotANumber.Propagate(a, b, ref exceptions);
        }

        var negative = a.Negative ^ b.Negative;
        if (a.IsInfinity || b.IsInfinity)
        {
            return a.IsZero || b.IsZero
                ? NotANumber.Invalid(Fpscr.VXIMZ, ref exceptions)
                : Unpacked.Infinity(negative);
        }

        if (a.IsZero || b.IsZero)
        {
            return Unpacked.Zero(negative);
        }

        // Both significands are below 2^128: the high half of the product is in units of 2^-126.
        var product = UInt256.Multiply(a.Significand, b.Significand);
        var leading = (int)UInt128.LeadingZeroCount(product.High);
        return new(
            FpKind.Finite, negative, a.Exponent + b.Exponent + 1 - leading, product.ShiftLeft(leading).Jam());
    }
}
