namespace RenodeUvmem.Power9.Decimal;

/// <summary>
/// Images to numbers and back (ISA 3.0B Book I 5.4.1, 5.4.2). Any image can be unpacked; what is packed is canonical.
/// </summary>
public static class DecimalEncoding
{
    private const int CombinationBits = 5;
    private const uint CombinationMask = (1 << CombinationBits) - 1;
    private const uint InfinityCombination = 0x1E;
    private const uint NaNCombination = 0x1F;

    // Combinations from here on are those of leftmost digits 8 and 9.
    private const uint LargeDigit = 0x18;
    private const uint DecletMask = 0x3FF;

    /// <summary>The number an image stands for; bits above the format's width are ignored.</summary>
    public static DecimalNumber Unpack(UInt128 image, DecimalFormat format)
    {
        bool negative = ((image >> (format.Width - 1)) & 1) != 0;
        uint combination = (uint)(image >> (format.Width - 1 - CombinationBits)) & CombinationMask;
        UInt128 trailing = Trailing(image, format);
        if (combination == InfinityCombination)
            return new(DecimalKind.Infinity, negative, trailing, 0);
        if (combination == NaNCombination)
        {
            bool signals = ((image >> (format.Width - 2 - CombinationBits)) & 1) != 0;
            return new(signals ? DecimalKind.SignallingNaN : DecimalKind.QuietNaN, negative, trailing, 0);
        }

        bool large = combination >= LargeDigit;
        uint leftmost = large ? 8 | (combination & 1) : combination & 7;
        uint high = large ? (combination >> 1) & 3 : combination >> 3;
        uint continuation = (uint)(image >> format.TrailingBits) & ((1u << format.ContinuationBits) - 1);
        int exponent = (int)((high << format.ContinuationBits) | continuation) - format.Bias;
        return DecimalNumber.Finite(negative, (leftmost * PowersOfTen.Small(format.Precision - 1)) + trailing, exponent);
    }

    /// <summary>
    /// The canonical image of a number. A finite number must fit; of the digits of an infinity or NaN the last ones are
    /// kept that the trailing significand has room for.
    /// </summary>
    public static UInt128 Pack(in DecimalNumber number, DecimalFormat format)
    {
        (UInt128 leftmost, UInt128 trailing) = UInt128.DivRem(number.Coefficient, PowersOfTen.Small(format.Precision - 1));
        UInt128 image = (number.Negative ? UInt128.One : UInt128.Zero) << (format.Width - 1);
        int combinationAt = format.Width - 1 - CombinationBits;
        image |= EncodeTrailing(trailing, format);
        switch (number.Kind)
        {
            case DecimalKind.Finite:
                uint biased = (uint)(number.Exponent + format.Bias);
                uint high = biased >> format.ContinuationBits;
                uint digit = (uint)leftmost;
                uint combination = digit < 8 ? (high << 3) | digit : LargeDigit | (high << 1) | (digit & 1);
                image |= (UInt128)combination << combinationAt;
                return image | ((UInt128)(biased & ((1u << format.ContinuationBits) - 1)) << format.TrailingBits);
            case DecimalKind.Infinity:
                return image | ((UInt128)InfinityCombination << combinationAt);
            case DecimalKind.SignallingNaN:
                return image | ((UInt128)NaNCombination << combinationAt) | (UInt128.One << (combinationAt - 1));
            default:
                return image | ((UInt128)NaNCombination << combinationAt);
        }
    }

    private static UInt128 Trailing(UInt128 image, DecimalFormat format)
    {
        UInt128 value = 0;
        for (int declet = format.Declets - 1; declet >= 0; declet--)
        {
            uint bcd = DenselyPackedDecimal.ToBcd((uint)(image >> (10 * declet)) & DecletMask);
            value = (value * 1000) + ((bcd >> 8) * 100) + (((bcd >> 4) & 0xF) * 10) + (bcd & 0xF);
        }

        return value;
    }

    private static UInt128 EncodeTrailing(UInt128 value, DecimalFormat format)
    {
        UInt128 image = 0;
        for (int declet = 0; declet < format.Declets; declet++)
        {
            (value, UInt128 group) = UInt128.DivRem(value, 1000);
            uint digits = (uint)group;
            uint bcd = ((digits / 100) << 8) | ((digits / 10 % 10) << 4) | (digits % 10);
            image |= (UInt128)DenselyPackedDecimal.FromBcd(bcd) << (10 * declet);
        }

        return image;
    }
}
