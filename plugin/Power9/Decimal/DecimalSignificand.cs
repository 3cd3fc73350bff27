namespace RenodeUvmem.Power9.Decimal;

/// <summary>
/// dscli[q], dscri[q] (ISA 3.0B Book I 5.6.6). The significand of an infinity or NaN is its trailing significand; the
/// rest of the combination field becomes zero.
/// </summary>
public static class DecimalSignificand
{
    /// <summary>The significand moved left; digits that leave it are lost.</summary>
    public static UInt128 ShiftLeft(UInt128 a, int digits, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(a, format);
        int room = number.IsFinite ? format.Precision : format.Precision - 1;

        // Only what stays is multiplied, so that nothing overflows.
        UInt128 shifted = digits >= room
            ? 0
            : number.Coefficient % PowersOfTen.Small(room - digits) * PowersOfTen.Small(digits);
        return DecimalEncoding.Pack(number with { Coefficient = shifted }, format);
    }

    /// <summary>The significand moved right; digits that leave it are lost.</summary>
    public static UInt128 ShiftRight(UInt128 a, int digits, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(a, format);
        UInt128 shifted = digits >= format.Precision ? 0 : number.Coefficient / PowersOfTen.Small(digits);
        return DecimalEncoding.Pack(number with { Coefficient = shifted }, format);
    }
}
