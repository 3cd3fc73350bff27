namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>What of the FPSCR decides an operation's outcome: rounding mode and exception enables.</summary>
public readonly struct FpEnvironment
{
    private const uint ModeMask = 7;

    // Mode in the low three bits (FPSCR has RN and the unused NI there), enables at their FPSCR places.
    private readonly uint control;

    private FpEnvironment(uint control) => this.control = control;

    /// <summary>
    /// The environment a 64-bit FPSCR image stands for. NI has no effect on POWER9's scalar and VSX arithmetic.
    /// </summary>
    public static FpEnvironment From(ulong fpscr) =>
        new((uint)fpscr & (Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE | Fpscr.XE | Fpscr.RN));

    /// <summary>Round to nearest, nothing enabled: what the VMX instructions always use.</summary>
    public static FpEnvironment Default => default;

    public RoundingMode Rounding => (RoundingMode)(control & ModeMask);

    public bool InvalidEnabled => (control & Fpscr.VE) != 0;

    public bool OverflowEnabled => (control & Fpscr.OE) != 0;

    public bool UnderflowEnabled => (control & Fpscr.UE) != 0;

    public bool ZeroDivideEnabled => (control & Fpscr.ZE) != 0;

    /// <summary>
    /// Whether ordinary results are the same as the host's: nearest mode, and no exception enabled that alters a
    /// result in range. Invalid and zero divide do not count: the host path declines all their operands.
    /// </summary>
    internal bool AllowsHostArithmetic => (control & (ModeMask | Fpscr.OE | Fpscr.UE)) == 0;

    /// <summary>The same enables with another rounding mode (for instructions that carry their own).</summary>
    public FpEnvironment With(RoundingMode mode) => new((control & ~ModeMask) | (uint)mode);
}
