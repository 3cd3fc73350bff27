namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Fused multiply-add: fmadd and its family, xsmadd*, xvmadd*, xsmaddqp.</summary>
public static class MultiplyAdd
{
    /// <summary>
    /// ±(a * c ± b) with one rounding to <typeparamref name="TPrecision"/>. The operand order a, c, b is that of the
    /// formula; NaNs are taken in the order a, b, c as FRA, FRB, FRC are.
    /// </summary>
    public static FpResult Compute<TStorage, TPrecision>(
        ulong a, ulong c, ulong b, MultiplyAddForm form, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        var subtract = (form & MultiplyAddForm.Subtract) != 0;
        var negate = (form & MultiplyAddForm.NegativeAdd) != 0;
        if (env.AllowsHostArithmetic)
        {
            var addend = Host.Load<TStorage>(b);
            if (ErrorFree.TryMultiplyAdd(
                    Host.Load<TStorage>(a), Host.Load<TStorage>(c), subtract ? -addend : addend, out var value))
            {
                // Nearest rounding is symmetric, so the negation may come before it.
                value = negate ? value.Negate() : value;
                if (Host.TryDeliver<TStorage, TPrecision>(value, out var result))
                {
                    return result;
                }
            }
        }

        uint exceptions = 0;
        var exact = Exact(
            Encoding.Unpack<TStorage>(a),
            Encoding.Unpack<TStorage>(c),
            Encoding.Unpack<TStorage>(b),
            subtract,
            env.Rounding,
            ref exceptions);
        return Delivery.To<TStorage, TPrecision>(exact, exceptions, env, negate);
    }

    /// <summary>As <see cref="Compute{TStorage, TPrecision}"/>, in quad precision.</summary>
    public static FpResult128 ComputeQuad(
        UInt128 a, UInt128 c, UInt128 b, MultiplyAddForm form, FpEnvironment env)
    {
        uint exceptions = 0;
        var exact = Exact(
            Encoding.Unpack<Binary128>(a),
            Encoding.Unpack<Binary128>(c),
            Encoding.Unpack<Binary128>(b),
            (form & MultiplyAddForm.Subtract) != 0,
            env.Rounding,
            ref exceptions);
        return Delivery.ToQuad(exact, exceptions, env, (form & MultiplyAddForm.NegativeAdd) != 0);
    }

    /// <summary>a * c + b (or - b), exact but for a sticky bit.</summary>
    internal static Unpacked Exact(
        in Unpacked a, in Unpacked c, in Unpacked b, bool subtract, RoundingMode mode, ref uint exceptions)
    {
        if (a.IsNaN || b.IsNaN || c.IsNaN)
        {
            exceptions |= NotANumber.Signal(a) | NotANumber.Signal(b) | NotANumber.Signal(c);

            // The product is formed first: infinity times zero is invalid even if b is a NaN, which then is the result.
            if ((a.IsInfinity && c.IsZero) || (a.IsZero && c.IsInfinity))
            {
                exceptions |= Fpscr.VXIMZ;
            }

            return NotANumber.Quiet(a.IsNaN ? a : b.IsNaN ? b : c);
        }

        if (!a.IsFinite || !c.IsFinite || !b.IsFinite)
        {
            // With any zero or infinity, product and sum are exact in themselves or the other one decides.
            var simple = Multiplication.Exact(a, c, ref exceptions);
            if (simple.IsNaN)
            {
                return simple;
            }

            if (!b.IsZero || !simple.IsFinite)
            {
                return Addition.Exact(simple, b, subtract, mode, ref exceptions);
            }

            return simple;
        }

        return Fuse(a, c, subtract ? b.Negate() : b, mode);
    }

    private static Unpacked Fuse(in Unpacked a, in Unpacked c, in Unpacked b, RoundingMode mode)
    {
        var negative = a.Negative ^ c.Negative;
        var product = UInt256.Multiply(a.Significand, c.Significand);
        var leading = product.LeadingZeroCount();
        var exponent = a.Exponent + c.Exponent + 1 - leading;

        // Both with the leading bit at 254: one bit of headroom for the carry. The product has at most 226 bits, so
        // nothing is lost here, nor by an alignment of one, the only ones after which more than one bit can cancel.
        product = product.ShiftLeft(leading).ShiftRightJam(1);
        var addend = new UInt256(b.Significand, UInt128.Zero).ShiftRightJam(1);
        if (exponent >= b.Exponent)
        {
            addend = addend.ShiftRightJam(exponent - b.Exponent);
        }
        else
        {
            product = product.ShiftRightJam(b.Exponent - exponent);
            exponent = b.Exponent;
        }

        if (negative == b.Negative)
        {
            return Normalize(negative, exponent, product + addend);
        }

        if (product < addend)
        {
            return Normalize(b.Negative, exponent, addend - product);
        }

        var difference = product - addend;
        return difference.IsZero
            ? Unpacked.Zero(Addition.CancelledSign(mode))
            : Normalize(negative, exponent, difference);
    }

    private static Unpacked Normalize(bool negative, int exponent, in UInt256 significand)
    {
        var leading = significand.LeadingZeroCount();
        return new(FpKind.Finite, negative, exponent + 1 - leading, significand.ShiftLeft(leading).Jam());
    }
}
