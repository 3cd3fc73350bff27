namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The result flags FPRF (Power ISA 3.0B, Book I, figure "Floating-Point Result Flags").</summary>
internal static class ResultClass
{
    public const uint QuietNaN = 0x11;

    /// <summary>Of decimal results only.</summary>
    public const uint SignallingNaN = 0x01;

    public const uint NegativeInfinity = 0x09;
    public const uint NegativeNormal = 0x08;
    public const uint NegativeDenormal = 0x18;
    public const uint NegativeZero = 0x12;
    public const uint PositiveZero = 0x02;
    public const uint PositiveDenormal = 0x14;
    public const uint PositiveNormal = 0x04;
    public const uint PositiveInfinity = 0x05;

    /// <summary>FPRF at its place in the FPSCR, for a datum seen as one of format <typeparamref name="T"/>.</summary>
    public static uint Of<T>(in Unpacked value)
        where T : struct, IBinaryFormat
    {
        var fprf = value.Kind switch
        {
            FpKind.Zero => value.Negative ? NegativeZero : PositiveZero,
            FpKind.Infinity => value.Negative ? NegativeInfinity : PositiveInfinity,
            FpKind.Finite when value.Exponent < Format<T>.MinExponent =>
                value.Negative ? NegativeDenormal : PositiveDenormal,
            FpKind.Finite => value.Negative ? NegativeNormal : PositiveNormal,
            _ => QuietNaN,
        };
        return fprf << Fpscr.FpccShift;
    }

    /// <summary>As <see cref="Of{T}"/>, for a normal number.</summary>
    public static uint OfNormal(bool negative) =>
        (negative ? NegativeNormal : PositiveNormal) << Fpscr.FpccShift;

    /// <summary>As <see cref="Of{T}"/>, for a zero.</summary>
    public static uint OfZero(bool negative) =>
        (negative ? NegativeZero : PositiveZero) << Fpscr.FpccShift;
}
