namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Between the bit image of a format and <see cref="Unpacked"/>.</summary>
internal static class Encoding
{
    private const int TopBit = 127;

    /// <summary>Takes an image apart; every image has a meaning.</summary>
    public static Unpacked Unpack<T>(UInt128 bits)
        where T : struct, IBinaryFormat
    {
        var negative = ((uint)(bits >> Format<T>.SignShift) & 1) != 0;
        var biased = (int)(uint)(bits >> T.FractionBits) & Format<T>.SpecialExponent;
        var fraction = bits & Format<T>.FractionMask;
        var aligned = fraction << (TopBit - T.FractionBits);
        if (biased == Format<T>.SpecialExponent)
        {
            if (fraction == UInt128.Zero)
            {
                return Unpacked.Infinity(negative);
            }

            var kind = (aligned & NotANumber.QuietBit) != UInt128.Zero ? FpKind.QuietNaN : FpKind.SignallingNaN;
            return new(kind, negative, 0, aligned);
        }

        if (biased == 0)
        {
            return Unpacked.Normalize(negative, Format<T>.MinExponent, aligned);
        }

        return new(FpKind.Finite, negative, biased - Format<T>.Bias, aligned | (UInt128.One << TopBit));
    }

    /// <summary>
    /// The image of a datum that the format can hold without rounding; excess NaN payload is truncated. An exponent
    /// beyond the format (possible only after an enabled overflow or underflow on operands for which the ISA leaves
    /// the result undefined) wraps.
    /// </summary>
    public static UInt128 Pack<T>(in Unpacked value)
        where T : struct, IBinaryFormat
    {
        var sign = value.Negative ? UInt128.One << Format<T>.SignShift : UInt128.Zero;
        var fraction = (value.Significand >> (TopBit - T.FractionBits)) & Format<T>.FractionMask;
        switch (value.Kind)
        {
            case FpKind.Zero:
                return sign;
            case FpKind.Infinity:
                return sign | ((UInt128)Format<T>.SpecialExponent << T.FractionBits);
            case FpKind.QuietNaN:
            case FpKind.SignallingNaN:
                return sign | ((UInt128)Format<T>.SpecialExponent << T.FractionBits) | fraction;
        }

        var denormal = Format<T>.MinExponent - value.Exponent;
        if (denormal > 0 && denormal <= T.FractionBits)
        {
            return sign | (value.Significand >> (TopBit - T.FractionBits + denormal));
        }

        var biased = (value.Exponent + Format<T>.Bias) & Format<T>.SpecialExponent;
        return sign | ((UInt128)biased << T.FractionBits) | fraction;
    }
}
