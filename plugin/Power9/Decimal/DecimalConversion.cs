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

    /// <summary>
    /// drsp: long to short, right aligned. As with <see cref="ShortToLong"/>, a signalling NaN stays one. After an
    /// enabled overflow or underflow the image is a long one.
    /// </summary>
    public static FpResult128 LongToShort(UInt128 b, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Long);
        return number.IsFinite
            ? Narrow(number, DecimalFormat.Long, DecimalFormat.Short, env, out _)
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

    /// <summary>
    /// drdpq: quad to long, left aligned and followed by zeros. After an enabled overflow or underflow the image is a
    /// quad one.
    /// </summary>
    public static FpResult128 QuadToLong(UInt128 b, DecimalEnvironment env)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, DecimalFormat.Quad);
        DecimalFormat delivered = DecimalFormat.Long;
        FpResult128 result = number.IsNaN ? DecimalDelivery.NaN(number, DecimalFormat.Long, env)
            : number.IsFinite ? Narrow(number, DecimalFormat.Quad, DecimalFormat.Long, env, out delivered)
            : DecimalDelivery.Number(Canonical(number), DecimalFormat.Long);
        return result with { Bits = result.Bits << (DecimalFormat.Quad.Width - delivered.Width) };
    }

    private static FpResult128 Narrow(
        in DecimalNumber number, DecimalFormat source, DecimalFormat target, DecimalEnvironment env, out DecimalFormat delivered)
    {
        uint status = 0;
        DecimalNumber narrow = DecimalRounder.ToFormat(number, number.Exponent, source, target, env, ref status, out delivered);
        return DecimalDelivery.Number(narrow, delivered, status);
    }

    private static DecimalNumber Canonical(in DecimalNumber number) =>
        number.IsInfinity ? DecimalNumber.Infinity(number.Negative) : number;
}
