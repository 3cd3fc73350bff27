namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Square root: fsqrt, xssqrt*, xvsqrt*, xssqrtqp.</summary>
public static class SquareRoot
{
    // Root bits computed: precision 113 and two more to round; the rest is a sticky bit.
    private const int RootBits = 116;

    /// <summary>The root of a, rounded to <typeparamref name="TPrecision"/>; operand and result are <typeparamref name="TStorage"/> images.</summary>
    public static FpResult Of<TStorage, TPrecision>(ulong a, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic
            && ErrorFree.TrySquareRoot(Host.Load<TStorage>(a), out var root)
            && Host.TryDeliver<TStorage, TPrecision>(root, out var result))
        {
            return result;
        }

        uint exceptions = 0;
        var exact = Exact(Encoding.Unpack<TStorage>(a), ref exceptions);
        return Delivery.To<TStorage, TPrecision>(exact, exceptions, env);
    }

    /// <summary>The root of a in quad precision.</summary>
    public static FpResult128 OfQuad(UInt128 a, FpEnvironment env)
    {
        uint exceptions = 0;
        var exact = Exact(Encoding.Unpack<Binary128>(a), ref exceptions);
        return Delivery.ToQuad(exact, exceptions, env);
    }

    /// <summary>The root, exact but for a sticky bit.</summary>
    internal static Unpacked Exact(in Unpacked a, ref uint exceptions)
    {
        if (a.IsNaN)
        {
            return NotANumber.Propagate(a, ref exceptions);
        }

        if (a.IsZero)
        {
            return a;
        }

        if (a.Negative)
        {
            return NotANumber.Invalid(Fpscr.VXSQRT, ref exceptions);
        }

        return a.IsInfinity ? a : Root(a);
    }

    private static Unpacked Root(in Unpacked a)
    {
        // The radicand as digits of two bits, in [1, 4) times a power of four: an odd exponent takes one more bit.
        var exponent = a.Exponent >> 1;
        var digits = a.Significand;
        var remainder = UInt128.Zero;
        if ((a.Exponent & 1) == 0)
        {
            remainder = digits >> 127;
            digits <<= 1;
        }
        else
        {
            remainder = digits >> 126;
            digits <<= 2;
        }

        // The first root bit is always 1; then the schoolbook method, one bit a step.
        remainder -= UInt128.One;
        var root = UInt128.One;
        for (var bit = 1; bit < RootBits; bit++)
        {
            remainder = (remainder << 2) | (digits >> 126);
            digits <<= 2;
            var trial = (root << 2) | UInt128.One;
            root <<= 1;
            if (remainder >= trial)
            {
                remainder -= trial;
                root |= UInt128.One;
            }
        }

        const int unused = 128 - RootBits;
        root <<= unused;
        return new(
            FpKind.Finite, false, exponent, remainder == UInt128.Zero ? root : root | UInt128.One);
    }
}
