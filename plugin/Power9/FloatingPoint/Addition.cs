namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Addition and subtraction: fadd, fsub, xsadd*, xvadd*, xsaddqp and their relatives.</summary>
public static class Addition
{
    /// <summary>a + b, rounded to <typeparamref name="TPrecision"/>; operands and result are <typeparamref name="TStorage"/> images.</summary>
    public static FpResult Add<TStorage, TPrecision>(ulong a, ulong b, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic)
        {
            var sum = ErrorFree.Sum(Host.Load<TStorage>(a), Host.Load<TStorage>(b));
            if (Host.TryDeliver<TStorage, TPrecision>(sum, out var result))
            {
                return result;
            }
        }

        return Exactly<TStorage, TPrecision>(a, b, false, env);
    }

    /// <summary>a - b; a NaN operand b keeps its sign.</summary>
    public static FpResult Subtract<TStorage, TPrecision>(ulong a, ulong b, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic)
        {
            var sum = ErrorFree.Sum(Host.Load<TStorage>(a), -Host.Load<TStorage>(b));
            if (Host.TryDeliver<TStorage, TPrecision>(sum, out var result))
            {
                return result;
            }
        }

        return Exactly<TStorage, TPrecision>(a, b, true, env);
    }

    /// <summary>a + b in quad precision.</summary>
    public static FpResult128 AddQuad(UInt128 a, UInt128 b, FpEnvironment env) => Quad(a, b, false, env);

    /// <summary>a - b in quad precision.</summary>
    public static FpResult128 SubtractQuad(UInt128 a, UInt128 b, FpEnvironment env) => Quad(a, b, true, env);

    /// <summary>The sum, or with <paramref name="subtract"/> the difference, exact but for a sticky bit.</summary>
    internal static Unpacked Exact(
        in Unpacked a, in Unpacked b, bool subtract, RoundingMode mode, ref uint exceptions)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return NotANumber.Propagate(a, b, ref exceptions);
        }

        var negativeB = b.Negative ^ subtract;
        if (a.IsInfinity || b.IsInfinity)
        {
            if (a.IsInfinity && b.IsInfinity && a.Negative != negativeB)
            {
                return NotANumber.Invalid(Fpscr.VXISI, ref exceptions);
            }

            return Unpacked.Infinity(a.IsInfinity ? a.Negative : negativeB);
        }

        if (a.IsZero || b.IsZero)
        {
            if (a.IsZero && b.IsZero)
            {
                return Unpacked.Zero(a.Negative == negativeB ? a.Negative : CancelledSign(mode));
            }

            return a.IsZero ? (subtract ? b.Negate() : b) : a;
        }

        // One bit of headroom for the carry: significands of at most 113 bits lose nothing, and at a distance of two
        // or more, where the sticky bit comes in, at most one leading bit cancels.
        var left = a.Significand >> 1;
        var right = b.Significand >> 1;
        var exponent = a.Exponent;
        if (a.Exponent >= b.Exponent)
        {
            right = Shift.RightJam(right, a.Exponent - b.Exponent);
        }
        else
        {
            left = Shift.RightJam(left, b.Exponent - a.Exponent);
            exponent = b.Exponent;
        }

        if (a.Negative == negativeB)
        {
            return Unpacked.Normalize(a.Negative, exponent + 1, left + right);
        }

        if (left == right)
        {
            return Unpacked.Zero(CancelledSign(mode));
        }

        return left > right
            ? Unpacked.Normalize(a.Negative, exponent + 1, left - right)
            : Unpacked.Normalize(negativeB, exponent + 1, right - left);
    }

    /// <summary>The sign of an exact zero sum of operands of unlike sign: minus only toward minus infinity.</summary>
    internal static bool CancelledSign(RoundingMode mode) => mode == RoundingMode.TowardNegative;

    private static FpResult Exactly<TStorage, TPrecision>(ulong a, ulong b, bool subtract, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        uint exceptions = 0;
        var exact = Exact(
            Encoding.Unpack<TStorage>(a), Encoding.Unpack<TStorage>(b), subtract, env.Rounding, ref exceptions);
        return Delivery.To<TStorage, TPrecision>(exact, exceptions, env);
    }

    private static FpResult128 Quad(UInt128 a, UInt128 b, bool subtract, FpEnvironment env)
    {
        uint exceptions = 0;
        var exact = Exact(
            Encoding.Unpack<Binary128>(a), Encoding.Unpack<Binary128>(b), subtract, env.Rounding, ref exceptions);
        return Delivery.ToQuad(exact, exceptions, env);
    }
}
