namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>How an inexact result is rounded. The first four values are those of FPSCR[RN].</summary>
public enum RoundingMode : uint
{
    /// <summary>FPSCR[RN] = 0: to nearest, ties to the even significand.</summary>
    NearestEven = 0,

    /// <summary>FPSCR[RN] = 1: toward zero.</summary>
    TowardZero = 1,

    /// <summary>FPSCR[RN] = 2: toward plus infinity.</summary>
    TowardPositive = 2,

    /// <summary>FPSCR[RN] = 3: toward minus infinity.</summary>
    TowardNegative = 3,

    /// <summary>The quad-precision forms with RO = 1: truncate, then set the last bit if anything was lost.</summary>
    Odd = 4,

    /// <summary>The frin and xsrdpi family: to nearest, ties away from zero.</summary>
    NearestAway = 5,

    /// <summary>Away from zero: what POWER9 makes of a reserved encoding of xsrqpi and xsrqpxp; for quads alone.</summary>
    AwayFromZero = 6,
}
