using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>What of the FPSCR decides a decimal operation's outcome: rounding mode DRN and exception enables.</summary>
public readonly struct DecimalEnvironment
{
    // Round-control encodings (ISA 3.0B Book I 5.5.2); the fourth of the primary ones is DRN.
    private static readonly DecimalRounding[] Primary =
        [DecimalRounding.NearestEven, DecimalRounding.TowardZero, DecimalRounding.NearestAway];

    private static readonly DecimalRounding[] Secondary =
        [DecimalRounding.TowardPositive, DecimalRounding.TowardNegative, DecimalRounding.AwayFromZero, DecimalRounding.NearestTowardZero];

    private readonly uint enables;

    private DecimalEnvironment(DecimalRounding rounding, uint enables)
    {
        Rounding = rounding;
        this.enables = enables;
    }

    public DecimalRounding Rounding { get; }

    public bool InvalidEnabled => (enables & Fpscr.VE) != 0;

    public bool OverflowEnabled => (enables & Fpscr.OE) != 0;

    public bool UnderflowEnabled => (enables & Fpscr.UE) != 0;

    public bool ZeroDivideEnabled => (enables & Fpscr.ZE) != 0;

    /// <summary>The environment a 64-bit FPSCR image stands for.</summary>
    public static DecimalEnvironment From(ulong fpscr) =>
        new((DecimalRounding)((fpscr & Fpscr.DRN) >> BitOperations.TrailingZeroCount(Fpscr.DRN)), (uint)fpscr);

    /// <summary>The same enables with the mode of an instruction's RMC field, by the primary encoding or, with <paramref name="r"/>, by the secondary.</summary>
    public DecimalEnvironment With(bool r, uint rmc) =>
        r ? new(Secondary[rmc], enables) : rmc < Primary.Length ? new(Primary[rmc], enables) : this;
}
