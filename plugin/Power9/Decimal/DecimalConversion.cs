using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>Conversions between the decimal formats (ISA 3.0B Book I 5.6.5.1).</summary>
public static class DecimalConversion
{
    /// <summary>
    /// dctdp: short to long. Short is a storage format, so a signalling NaN stays one without an exception.
    /// </summary>
    public static FpResult128 ShortToLong(UInt128 b)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Short);
        return DecimalDelivery.Number(Canonical(number), DecimalFormat.Long);
    }

    /// <summary>drsp: long to short, right aligned. As with <see cref="ShortToLong"/>, a signalling NaN stays one.</summary>
    public static FpResult128 LongToShort(UInt128 b, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Long);
        return number.IsFinite
            ? Narrow(number, DecimalFormat.Long, DecimalFormat.Short, env)
            : DecimalDelivery.Number(Canonical(number), DecimalFormat.Short);
    }

    /// <summary>dctqpq: long to quad.</summary>
    public static FpResult128 LongToQuad(UInt128 b, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Long);
        return number.IsNaN
            ? DecimalDelivery.NaN(number, DecimalFormat.Quad, env)
            : DecimalDelivery.Number(Canonical(number), DecimalFormat.Quad);
    }

    /// <summary>drdpq: quad to long. The image is that of the long number, right aligned.</summary>
    public static FpResult128 QuadToLong(UInt128 b, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Quad);
        if (number.IsNaN)
            return DecimalDelivery.NaN(number, DecimalFormat.Long, env);
        return number.IsFinite
            ? Narrow(number, DecimalFormat.Quad, DecimalFormat.Long, env)
            : DecimalDelivery.Number(Canonical(number), DecimalFormat.Long);
    }

    private static FpResult128 Narrow(in DecimalNumber number, DecimalFormat source, DecimalFormat target, DecimalEnvironment env)
    {
        uint status = 0;
        DecimalNumber narrow = DecimalRounder.ToFormat(number, number.Exponent, target, env, source.NarrowingAdjustment, ref status);
        return DecimalDelivery.Number(narrow, target, status);
    }

    private static DecimalNumber Canonical(in DecimalNumber number) =>
        number.IsInfinity ? DecimalNumber.Infinity(number.Negative) : number;
}
