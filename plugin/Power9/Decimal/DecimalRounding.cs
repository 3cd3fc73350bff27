namespace RenodeUvmem.Power9.Decimal;

/// <summary>How an inexact result is rounded: the values of FPSCR[DRN] (ISA 3.0B Book I 5.5.2).</summary>
public enum DecimalRounding
{
    NearestEven = 0,
    TowardZero = 1,
    TowardPositive = 2,
    TowardNegative = 3,
    NearestAway = 4,
    NearestTowardZero = 5,
    AwayFromZero = 6,

    /// <summary>Toward zero, but away from it where the last digit would be 0 or 5: a second rounding then does no harm.</summary>
    ShorterPrecision = 7,
}
