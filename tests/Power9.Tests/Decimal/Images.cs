using RenodeUvmem.Power9.Decimal;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Images of numbers written as coefficient and exponent (that the encoding is right is tested by itself), and rounding modes.</summary>
internal static class Images
{
    public static UInt128 Long(Int128 coefficient, int exponent = 0) => Of(coefficient, exponent, DecimalFormat.Long);

    public static UInt128 Quad(Int128 coefficient, int exponent = 0) => Of(coefficient, exponent, DecimalFormat.Quad);

    public static UInt128 Short(Int128 coefficient, int exponent = 0) => Of(coefficient, exponent, DecimalFormat.Short);

    public static UInt128 Special(DecimalKind kind, bool negative, UInt128 payload, DecimalFormat format) =>
        DecimalEncoding.Pack(new(kind, negative, payload, 0), format);

    /// <summary>Nothing enabled, FPSCR[DRN] = <paramref name="mode"/>.</summary>
    public static DecimalEnvironment Mode(DecimalRounding mode) => DecimalEnvironment.From((ulong)mode << 32);

    private static UInt128 Of(Int128 coefficient, int exponent, DecimalFormat format) =>
        DecimalEncoding.Pack(DecimalNumber.Finite(coefficient < 0, (UInt128)Int128.Abs(coefficient), exponent), format);
}
