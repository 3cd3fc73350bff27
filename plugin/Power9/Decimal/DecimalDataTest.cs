namespace RenodeUvmem.Power9.Decimal;

/// <summary>dtstdc[q], dtstdg[q]: the masks DCM and DGM, whose first bit is the most significant of six (ISA 3.0B Book I 5.6.3).</summary>
public static class DecimalDataTest
{
    /// <summary>Whether an image is of a class in the mask: zero, subnormal, normal, infinity, quiet NaN, signalling NaN.</summary>
    public static bool MatchesClass(UInt128 image, uint dcm, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(image, format);
        return Selects(dcm, number.Kind switch
        {
            DecimalKind.Infinity => 3,
            DecimalKind.QuietNaN => 4,
            DecimalKind.SignallingNaN => 5,
            _ => number.IsZero ? 0 : number.Adjusted < format.MinAdjusted ? 1 : 2,
        });
    }

    /// <summary>
    /// Whether an image is of a group in the mask: zero, zero with an extreme exponent, subnormal or normal with an
    /// extreme exponent, normal with leftmost digit zero, normal with leftmost digit not zero, infinity or NaN.
    /// </summary>
    public static bool MatchesGroup(UInt128 image, uint dgm, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(image, format);
        if (!number.IsFinite)
            return Selects(dgm, 5);
        bool extreme = number.Exponent == format.MinExponent || number.Exponent == format.MaxExponent;
        if (number.IsZero)
            return Selects(dgm, extreme ? 1 : 0);
        if (extreme || number.Adjusted < format.MinAdjusted)
            return Selects(dgm, 2);
        return Selects(dgm, number.Digits < format.Precision ? 3 : 4);
    }

    private static bool Selects(uint mask, int bit) => ((mask >> (5 - bit)) & 1) != 0;
}
