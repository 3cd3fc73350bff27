namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>What kind of datum a floating-point image holds.</summary>
internal enum FpKind
{
    Zero,
    Finite,
    Infinity,
    QuietNaN,
    SignallingNaN,
}

/// <summary>
/// A floating-point datum free of any format. A finite one is (-1)^Negative * Significand/2^127 * 2^Exponent with bit
/// 127 of the significand set; bit 0 may be a sticky bit that stands for any smaller non-zero remainder. A NaN has its
/// fraction left-aligned below bit 127, so bit 126 is the quiet bit and narrowing is truncation.
/// </summary>
internal readonly struct Unpacked
{
    public readonly UInt128 Significand;
    public readonly int Exponent;
    public readonly FpKind Kind;
    public readonly bool Negative;

    public Unpacked(FpKind kind, bool negative, int exponent, UInt128 significand)
    {
        Kind = kind;
        Negative = negative;
        Exponent = exponent;
        Significand = significand;
    }

    public bool IsNaN => Kind >= FpKind.QuietNaN;

    public bool IsFinite => Kind == FpKind.Finite;

    public bool IsZero => Kind == FpKind.Zero;

    public bool IsInfinity => Kind == FpKind.Infinity;

    public static Unpacked Zero(bool negative) => new(FpKind.Zero, negative, 0, UInt128.Zero);

    public static Unpacked Infinity(bool negative) => new(FpKind.Infinity, negative, 0, UInt128.Zero);

    /// <summary>A finite number from a significand that need not be normalized; zero gives a zero of that sign.</summary>
    public static Unpacked Normalize(bool negative, int exponent, UInt128 significand)
    {
        if (significand == UInt128.Zero)
        {
            return Zero(negative);
        }

        var shift = (int)UInt128.LeadingZeroCount(significand);
        return new(FpKind.Finite, negative, exponent - shift, significand << shift);
    }

    public Unpacked Negate() => new(Kind, !Negative, Exponent, Significand);

    public Unpacked Magnitude() => new(Kind, false, Exponent, Significand);
}
