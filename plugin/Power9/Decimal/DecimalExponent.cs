namespace RenodeUvmem.Power9.Decimal;

/// <summary>dxex[q], diex[q]: exponents with bias, negative codes for what has none (ISA 3.0B Book I 5.6.6).</summary>
public static class DecimalExponent
{
    private const long Infinity = -1;
    private const long QuietNaN = -2;
    private const long SignallingNaN = -3;

    /// <summary>The biased exponent, or the code of an infinity or NaN.</summary>
    public static long Extract(UInt128 b, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        return number.Kind switch
        {
            DecimalKind.Infinity => Infinity,
            DecimalKind.QuietNaN => QuietNaN,
            DecimalKind.SignallingNaN => SignallingNaN,
            _ => number.Exponent + format.Bias,
        };
    }

    /// <summary>
    /// Sign and significand of b with a biased exponent or code; any other value makes a quiet NaN. Of a finite number
    /// an infinity or NaN takes the trailing digits.
    /// </summary>
    public static UInt128 Insert(long biased, UInt128 b, DecimalFormat format)
    {
        DecimalNumber number = DecimalEncoding.Unpack(b, format);
        number = biased >= 0 && biased <= format.MaxBiased
            ? number with { Kind = DecimalKind.Finite, Exponent = (int)biased - format.Bias }
            : number with { Kind = biased switch { Infinity => DecimalKind.Infinity, SignallingNaN => DecimalKind.SignallingNaN, _ => DecimalKind.QuietNaN } };
        return DecimalEncoding.Pack(number, format);
    }
}
