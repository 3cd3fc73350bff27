namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The last step of every operation: round, classify, encode, and obey the enables.</summary>
internal static class Delivery
{
    /// <summary>
    /// Delivers an exact value rounded to <typeparamref name="TPrecision"/> in the image of
    /// <typeparamref name="TStorage"/>. With <paramref name="negate"/> a result that is no NaN has its sign changed
    /// after rounding (fnmadd, fnmsub).
    /// </summary>
    public static FpResult To<TStorage, TPrecision>(
        in Unpacked exact, uint exceptions, FpEnvironment env, bool negate = false)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        var rounded = Round<TPrecision>(exact, env, negate, ref exceptions);
        return (exceptions & FpResult.Suppressed) != 0
            ? new(0, exceptions)
            : new((ulong)Encoding.Pack<TStorage>(rounded), exceptions);
    }

    /// <summary>As <see cref="To{TStorage, TPrecision}"/>, in quad precision.</summary>
    public static FpResult128 ToQuad(in Unpacked exact, uint exceptions, FpEnvironment env, bool negate = false) =>
        ToQuad<Binary128>(exact, exceptions, env, negate);

    /// <summary>A quad image rounded to <typeparamref name="TPrecision"/>.</summary>
    public static FpResult128 ToQuad<TPrecision>(
        in Unpacked exact, uint exceptions, FpEnvironment env, bool negate = false)
        where TPrecision : struct, IBinaryFormat
    {
        var rounded = Round<TPrecision>(exact, env, negate, ref exceptions);
        return (exceptions & FpResult.Suppressed) != 0
            ? new(UInt128.Zero, exceptions)
            : new(Encoding.Pack<Binary128>(rounded), exceptions);
    }

    /// <summary>Whether the enables forbid writing a result with these exceptions.</summary>
    public static bool Suppresses(uint exceptions, FpEnvironment env) =>
        ((exceptions & Fpscr.InvalidCauses) != 0 && env.InvalidEnabled)
        || ((exceptions & Fpscr.ZX) != 0 && env.ZeroDivideEnabled);

    private static Unpacked Round<T>(in Unpacked exact, FpEnvironment env, bool negate, ref uint status)
        where T : struct, IBinaryFormat
    {
        if (Suppresses(status, env))
        {
            status |= FpResult.Suppressed;
            return exact;
        }

        var result = exact.IsFinite ? Rounding.ToFormat<T>(exact, env, ref status) : exact;
        if (result.IsNaN)
        {
            // A NaN narrows like the result it stands for: low fraction bits beyond the precision are dropped.
            var kept = result.Significand & (UInt128.MaxValue << (128 - Format<T>.Precision));
            result = new(result.Kind, result.Negative, 0, kept);
        }
        else if (negate)
        {
            result = result.Negate();
        }

        status |= FpResult.HasFprf | ResultClass.Of<T>(result);
        return result;
    }
}
