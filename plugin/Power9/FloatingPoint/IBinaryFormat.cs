namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// An IEEE 754 binary interchange format. Implementations are empty structs, so that generic code is compiled once per
/// format with these properties as constants.
/// </summary>
public interface IBinaryFormat
{
    /// <summary>Bits of the stored fraction (the precision less the implied bit).</summary>
    static abstract int FractionBits { get; }

    /// <summary>Bits of the biased exponent.</summary>
    static abstract int ExponentBits { get; }
}

/// <summary>IEEE binary16, the half precision of xscvhpdp and its family.</summary>
public readonly struct Binary16 : IBinaryFormat
{
    public static int FractionBits => 10;

    public static int ExponentBits => 5;
}

/// <summary>IEEE binary32, single precision.</summary>
public readonly struct Binary32 : IBinaryFormat
{
    public static int FractionBits => 23;

    public static int ExponentBits => 8;
}

/// <summary>IEEE binary64, double precision.</summary>
public readonly struct Binary64 : IBinaryFormat
{
    public static int FractionBits => 52;

    public static int ExponentBits => 11;
}

/// <summary>IEEE binary128, quad precision.</summary>
public readonly struct Binary128 : IBinaryFormat
{
    public static int FractionBits => 112;

    public static int ExponentBits => 15;
}

/// <summary>
/// The precision xsrqpxp rounds to: the 64-bit significand of double-extended with quad's exponent range. It has no
/// storage of its own here; its numbers stay in quad images.
/// </summary>
public readonly struct DoubleExtended : IBinaryFormat
{
    public static int FractionBits => 63;

    public static int ExponentBits => 15;
}
