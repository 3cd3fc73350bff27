namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The software-division aids ftdiv, ftsqrt, xstdivdp, xvtdivsp and so on: a CR field 0b1, FG, FE, 0 that tells whether a
/// Newton iteration on the operands could go wrong. fg: an operand needs special care; fe: so does an intermediate.
/// </summary>
public static class DivisionTest
{
    private const uint Always = 8;
    private const uint Special = 4;
    private const uint Extreme = 2;

    /// <summary>ftdiv and its relatives, on images of <typeparamref name="T"/>.</summary>
    public static uint Divide<T>(ulong a, ulong b)
        where T : struct, IBinaryFormat
    {
        int ea = Exponent<T>(a), eb = Exponent<T>(b);
        var bias = Format<T>.Bias;
        var extreme = !IsFinite<T>(a) || !IsFinite<T>(b) || IsZero<T>(b)
            || eb <= Format<T>.MinExponent
            || eb >= Format<T>.MaxExponent - 2
            || (!IsZero<T>(a) && (ea - eb >= bias || ea - eb <= Format<T>.MinExponent + 1
                || ea <= Format<T>.MinExponent + T.FractionBits));
        var special = IsInfinity<T>(a) || IsInfinity<T>(b) || IsZero<T>(b) || IsDenormal<T>(b);
        return Always | (special ? Special : 0) | (extreme ? Extreme : 0);
    }

    /// <summary>ftsqrt and its relatives, on an image of <typeparamref name="T"/>.</summary>
    public static uint SquareRoot<T>(ulong a)
        where T : struct, IBinaryFormat
    {
        var extreme = !IsFinite<T>(a) || IsZero<T>(a) || ((a >> Format<T>.SignShift) & 1) != 0
            || Exponent<T>(a) <= Format<T>.MinExponent + T.FractionBits;
        var special = IsInfinity<T>(a) || IsZero<T>(a) || IsDenormal<T>(a);
        return Always | (special ? Special : 0) | (extreme ? Extreme : 0);
    }

    private static ulong Magnitude<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        bits & ((1UL << Format<T>.SignShift) - 1);

    /// <summary>The exponent field less the bias: for a denormal one below the least normal exponent.</summary>
    private static int Exponent<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        (int)(Magnitude<T>(bits) >> T.FractionBits) - Format<T>.Bias;

    private static bool IsFinite<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        Exponent<T>(bits) <= Format<T>.MaxExponent;

    private static bool IsZero<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        Magnitude<T>(bits) == 0;

    private static bool IsDenormal<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        !IsZero<T>(bits) && Exponent<T>(bits) < Format<T>.MinExponent;

    private static bool IsInfinity<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        Magnitude<T>(bits) == (ulong)Format<T>.SpecialExponent << T.FractionBits;
}
