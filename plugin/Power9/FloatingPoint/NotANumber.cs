namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// NaN rules of Power ISA 3.0B, Book I, 4.3.2: the first NaN operand in the order A, B, C, made quiet, is the result;
/// an invalid operation on numbers gives the default quiet NaN.
/// </summary>
internal static class NotANumber
{
    public static readonly UInt128 QuietBit = UInt128.One << 126;

    /// <summary>0x7FC00000, 0x7FF8000000000000 and so on: positive, only the quiet bit set.</summary>
    public static Unpacked Default => new(FpKind.QuietNaN, false, 0, QuietBit);

    public static Unpacked Quiet(in Unpacked nan) =>
        new(FpKind.QuietNaN, nan.Negative, 0, nan.Significand | QuietBit);

    /// <summary>VXSNAN if the datum is a signalling NaN, else 0.</summary>
    public static uint Signal(in Unpacked a) => a.Kind == FpKind.SignallingNaN ? Fpscr.VXSNAN : 0;

    /// <summary>The default NaN, with the cause recorded.</summary>
    public static Unpacked Invalid(uint cause, ref uint exceptions)
    {
        exceptions |= cause;
        return Default;
    }

    /// <summary>The NaN an operation with a NaN operand delivers; VXSNAN if that one signals.</summary>
    public static Unpacked Propagate(in Unpacked a, ref uint exceptions)
    {
        exceptions |= Signal(a);
        return Quiet(a);
    }

    /// <summary>The NaN an operation with at least one NaN operand delivers; VXSNAN if any signals.</summary>
    public static Unpacked Propagate(in Unpacked a, in Unpacked b, ref uint exceptions)
    {
        exceptions |= Signal(a) | Signal(b);
        return Quiet(a.IsNaN ? a : b);
    }
}
