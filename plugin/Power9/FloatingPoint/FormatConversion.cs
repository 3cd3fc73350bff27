namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Conversions between formats that round and signal: frsp, xsrsp, xscvdpsp, xscvspdp, xscvdphp, xscvdpqp and so on.</summary>
public static class FormatConversion
{
    /// <summary>
    /// A <typeparamref name="TSource"/> image rounded to <typeparamref name="TPrecision"/>, as an image of
    /// <typeparamref name="TStorage"/>. A signalling NaN is made quiet and raises VXSNAN.
    /// </summary>
    public static FpResult Convert<TSource, TStorage, TPrecision>(ulong bits, FpEnvironment env)
        where TSource : struct, IBinaryFormat
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        if (Host.Holds<TSource>() && Host.Holds<TPrecision>() && env.AllowsHostArithmetic
            && Host.TryDeliver<TStorage, TPrecision>(new(Host.Load<TSource>(bits), 0), out var result))
        {
            return result;
        }

        uint exceptions = 0;
        var value = Exact(Encoding.Unpack<TSource>(bits), ref exceptions);
        return Delivery.To<TStorage, TPrecision>(value, exceptions, env);
    }

    /// <summary>A narrower image in quad precision, which holds it exactly.</summary>
    public static FpResult128 ToQuad<TSource>(ulong bits, FpEnvironment env)
        where TSource : struct, IBinaryFormat
    {
        uint exceptions = 0;
        var value = Exact(Encoding.Unpack<TSource>(bits), ref exceptions);
        return Delivery.ToQuad(value, exceptions, env);
    }

    /// <summary>xscvqpdp: a quad image rounded to double.</summary>
    public static FpResult QuadToDouble(UInt128 bits, FpEnvironment env)
    {
        uint exceptions = 0;
        var value = Exact(Encoding.Unpack<Binary128>(bits), ref exceptions);
        return Delivery.To<Binary64, Binary64>(value, exceptions, env);
    }

    /// <summary>xsrqpxp: a quad image rounded to the precision of double-extended.</summary>
    public static FpResult128 QuadToDoubleExtended(UInt128 bits, FpEnvironment env)
    {
        uint exceptions = 0;
        var value = Exact(Encoding.Unpack<Binary128>(bits), ref exceptions);
        return Delivery.ToQuad<DoubleExtended>(value, exceptions, env);
    }

    private static Unpacked Exact(in Unpacked value, ref uint exceptions) =>
        value.IsNaN ? NotANumber.Propagate(value, ref exceptions) : value;
}
