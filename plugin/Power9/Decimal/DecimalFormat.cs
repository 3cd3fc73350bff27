namespace RenodeUvmem.Power9.Decimal;

/// <summary>
/// A decimal floating-point format (ISA 3.0B Book I 5.4.1): sign, combination field, trailing significand in declets.
/// Exponents here are those of the significand's last digit.
/// </summary>
public sealed class DecimalFormat
{
    /// <summary>32 bits; a storage format only.</summary>
    public static readonly DecimalFormat Short = new(32, 7);

    /// <summary>64 bits, in one FPR.</summary>
    public static readonly DecimalFormat Long = new(64, 16);

    /// <summary>128 bits, in a pair of FPRs that starts at an even number.</summary>
    public static readonly DecimalFormat Quad = new(128, 34);

    private const int CombinationBits = 5;

    private DecimalFormat(int width, int precision)
    {
        Width = width;
        Precision = precision;
        Declets = (precision - 1) / 3;
        ContinuationBits = width - 1 - CombinationBits - TrailingBits;

        // The two exponent bits in the combination field take the values 0, 1 and 2.
        MaxBiased = (3 << ContinuationBits) - 1;
        MaxAdjusted = 3 << (ContinuationBits - 1);
        Bias = MaxAdjusted + precision - 2;
    }

    /// <summary>Bits of an image.</summary>
    public int Width { get; }

    /// <summary>Digits of a significand.</summary>
    public int Precision { get; }

    /// <summary>Groups of three digits below the leftmost digit.</summary>
    public int Declets { get; }

    /// <summary>Bits of the trailing significand.</summary>
    public int TrailingBits => 10 * Declets;

    /// <summary>Exponent bits after the combination field.</summary>
    public int ContinuationBits { get; }

    /// <summary>What an exponent is stored with added.</summary>
    public int Bias { get; }

    /// <summary>Greatest biased exponent.</summary>
    public int MaxBiased { get; }

    /// <summary>Greatest exponent of a leftmost digit (IEEE 754: emax).</summary>
    public int MaxAdjusted { get; }

    /// <summary>Least exponent of the leftmost digit of a normal number (IEEE 754: emin).</summary>
    public int MinAdjusted => 1 - MaxAdjusted;

    /// <summary>Greatest exponent.</summary>
    public int MaxExponent => MaxBiased - Bias;

    /// <summary>Least exponent.</summary>
    public int MinExponent => -Bias;

    /// <summary>What an enabled overflow takes from the exponent of a result, and an enabled underflow adds (ISA 3.0B Book I 5.5.10.3).</summary>
    public int ExponentAdjustment => MaxAdjusted * 3 / 2;

    /// <summary>As <see cref="ExponentAdjustment"/>, where this format is the source that is rounded to a narrower one.</summary>
    public int NarrowingAdjustment => MaxAdjusted / 2;
}
