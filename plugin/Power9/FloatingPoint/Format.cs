namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The numbers that follow from a format's two widths.</summary>
internal static class Format<T>
    where T : struct, IBinaryFormat
{
    public static int Precision => T.FractionBits + 1;

    public static int SignShift => T.FractionBits + T.ExponentBits;

    public static int Bias => (1 << (T.ExponentBits - 1)) - 1;

    /// <summary>The biased exponent of infinities and NaNs.</summary>
    public static int SpecialExponent => (1 << T.ExponentBits) - 1;

    /// <summary>Largest unbiased exponent of a finite number.</summary>
    public static int MaxExponent => Bias;

    /// <summary>Smallest unbiased exponent of a normal number.</summary>
    public static int MinExponent => 1 - Bias;

    /// <summary>
    /// What an enabled overflow subtracts from the exponent and an enabled underflow adds (Power ISA 3.0B, Book I,
    /// 4.4.3.2): 192 for single, 1536 for double, 24576 for quad.
    /// </summary>
    public static int TrapAdjustment => 3 << (T.ExponentBits - 2);

    public static UInt128 FractionMask => (UInt128.One << T.FractionBits) - UInt128.One;
}
