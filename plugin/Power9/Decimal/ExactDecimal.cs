using System.Numerics;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>
/// A result before rounding. Where it has more digits than any format, further ones may be stood for by a last 1: that
/// is all that rounding asks of them.
/// </summary>
internal readonly record struct ExactDecimal(bool Negative, BigInteger Coefficient, int Exponent)
{
    /// <summary>Exponent of the leftmost significant digit; the number is not zero.</summary>
    public int Adjusted => Exponent + PowersOfTen.Digits(Coefficient) - 1;

    public static implicit operator ExactDecimal(in DecimalNumber number) => new(number.Negative, number.Coefficient, number.Exponent);

    /// <summary>The number times 10^<paramref name="power"/>.</summary>
    public ExactDecimal Scale(int power) => this with { Exponent = Exponent + power };
}
