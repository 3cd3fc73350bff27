namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Conversions to and from integers: fcti*, fcfi*, xscvdp*, xscv*dp and the vector and quad ones.</summary>
public static class IntegerConversion
{
    private const ulong SignBit = 1UL << 63;
    private const ulong GreatestOnHost = 1UL << 62;

    /// <summary>A signed doubleword rounded to <typeparamref name="TPrecision"/>.</summary>
    public static FpResult FromSigned<TStorage, TPrecision>(long value, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat =>
        From<TStorage, TPrecision>(value < 0, value < 0 ? 0 - (ulong)value : (ulong)value, env);

    /// <summary>An unsigned doubleword rounded to <typeparamref name="TPrecision"/>.</summary>
    public static FpResult FromUnsigned<TStorage, TPrecision>(ulong value, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat =>
        From<TStorage, TPrecision>(false, value, env);

    /// <summary>xscvsdqp: exact.</summary>
    public static FpResult128 QuadFromSigned(long value) =>
        Delivery.ToQuad(Magnitude(value < 0, value < 0 ? 0 - (ulong)value : (ulong)value), 0, default);

    /// <summary>xscvudqp: exact.</summary>
    public static FpResult128 QuadFromUnsigned(ulong value) => Delivery.ToQuad(Magnitude(false, value), 0, default);

    /// <summary>
    /// An image rounded to an integer. The result is sign- or zero-extended to 64 bits; beyond the type's range it
    /// is the nearest of the type (a NaN gives the least) with VXCVI. FPRF is not part of the status.
    /// </summary>
    public static FpResult To<TSource>(ulong bits, IntegerType type, RoundingMode mode, FpEnvironment env)
        where TSource : struct, IBinaryFormat
    {
        if (Host.Holds<TSource>() && TryHost(Host.Load<TSource>(bits), type, mode, out var result))
        {
            return result;
        }

        return Exactly(Encoding.Unpack<TSource>(bits), type, mode, env);
    }

    /// <summary>As <see cref="To{TSource}"/>, for a quad image.</summary>
    public static FpResult ToFromQuad(UInt128 bits, IntegerType type, RoundingMode mode, FpEnvironment env) =>
        Exactly(Encoding.Unpack<Binary128>(bits), type, mode, env);

    private static FpResult From<TStorage, TPrecision>(bool negative, ulong magnitude, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (env.AllowsHostArithmetic && magnitude <= GreatestOnHost)
        {
            // The host rounds to nearest; the difference, in integers, is the tail. Integer zero is a positive zero.
            var head = (double)(long)magnitude;
            var value = new HeadTail(head, (long)magnitude - (long)head);
            if (Host.TryDeliver<TStorage, TPrecision>(negative ? value.Negate() : value, out var result))
            {
                return result;
            }
        }

        return Delivery.To<TStorage, TPrecision>(Magnitude(negative, magnitude), 0, env);
    }

    private static Unpacked Magnitude(bool negative, ulong magnitude) =>
        Unpacked.Normalize(negative, 63, (UInt128)magnitude << 64);

    /// <summary>Rounding to integral is exact on the host in every mode; the limits are exact doubles.</summary>
    private static bool TryHost(double value, IntegerType type, RoundingMode mode, out FpResult result)
    {
        var rounded = Host.RoundToIntegral(value, mode);
        bool inRange;
        ulong integer;
        switch (type)
        {
            case IntegerType.SignedWord:
                inRange = rounded is >= int.MinValue and <= int.MaxValue;
                integer = inRange ? (ulong)(long)rounded : 0;
                break;
            case IntegerType.UnsignedWord:
                inRange = rounded is >= 0 and <= uint.MaxValue;
                integer = inRange ? (ulong)rounded : 0;
                break;
            case IntegerType.SignedDoubleword:
                inRange = rounded is >= -9223372036854775808.0 and < 9223372036854775808.0;
                integer = inRange ? (ulong)(long)rounded : 0;
                break;
            default:
                inRange = rounded is >= 0 and < 18446744073709551616.0;
                integer = inRange ? (ulong)rounded : 0;
                break;
        }

        result = new(integer, Host.LostBy(value, rounded));
        return inRange;
    }

    private static FpResult Exactly(in Unpacked value, IntegerType type, RoundingMode mode, FpEnvironment env)
    {
        var least = type switch
        {
            IntegerType.SignedWord => unchecked((ulong)int.MinValue),
            IntegerType.SignedDoubleword => SignBit,
            _ => 0UL,
        };
        var greatest = type switch
        {
            IntegerType.SignedWord => (ulong)int.MaxValue,
            IntegerType.UnsignedWord => uint.MaxValue,
            IntegerType.SignedDoubleword => SignBit - 1,
            _ => ulong.MaxValue,
        };
        if (value.IsNaN)
        {
            return Invalid(least, NotANumber.Signal(value), env);
        }

        if (value.IsZero)
        {
            return default;
        }

        if (value.IsInfinity || value.Exponent > 64)
        {
            return Invalid(value.Negative ? least : greatest, 0, env);
        }

        var magnitude = RoundToIntegral.Magnitude(value, mode, out var lost);
        var limit = value.Negative ? 0 - least : greatest;
        if (magnitude > limit)
        {
            return Invalid(value.Negative ? least : greatest, 0, env);
        }

        var integer = (ulong)magnitude;
        return new(value.Negative ? 0 - integer : integer, lost != 0 ? lost | Fpscr.XX : 0);
    }

    private static FpResult Invalid(ulong result, uint exceptions, FpEnvironment env)
    {
        exceptions |= Fpscr.VXCVI;
        return env.InvalidEnabled ? new(0, exceptions | FpResult.Suppressed) : new(result, exceptions);
    }
}
