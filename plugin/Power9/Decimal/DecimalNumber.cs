namespace RenodeUvmem.Power9.Decimal;

/// <summary>A decimal datum, unpacked. Equal values with different exponents are different members of a cohort.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Negative">The sign bit.</param>
/// <param name="Coefficient">
/// Finite: the significand as an integer. Else the digits of the trailing significand; those of a NaN are its payload.
/// </param>
/// <param name="Exponent">Finite: power of ten of the last digit. Else 0.</param>
public readonly record struct DecimalNumber(DecimalKind Kind, bool Negative, UInt128 Coefficient, int Exponent)
{
    /// <summary>What a disabled invalid operation on numbers delivers.</summary>
    public static DecimalNumber DefaultNaN => new(DecimalKind.QuietNaN, false, 0, 0);

    public bool IsFinite => Kind == DecimalKind.Finite;

    public bool IsInfinity => Kind == DecimalKind.Infinity;

    public bool IsNaN => Kind is DecimalKind.QuietNaN or DecimalKind.SignallingNaN;

    public bool IsZero => IsFinite && Coefficient == UInt128.Zero;

    /// <summary>Significant digits; 0 for a zero.</summary>
    public int Digits => PowersOfTen.Digits(Coefficient);

    /// <summary>Exponent of the leftmost significant digit of a finite number that is not zero.</summary>
    public int Adjusted => Exponent + Digits - 1;

    /// <summary>An infinity in its canonical form.</summary>
    public static DecimalNumber Infinity(bool negative) => new(DecimalKind.Infinity, negative, 0, 0);

    /// <summary>A finite number.</summary>
    public static DecimalNumber Finite(bool negative, UInt128 coefficient, int exponent) =>
        new(DecimalKind.Finite, negative, coefficient, exponent);

    /// <summary>A NaN made quiet; its payload stays.</summary>
    public DecimalNumber Quiet() => this with { Kind = DecimalKind.QuietNaN };
}
