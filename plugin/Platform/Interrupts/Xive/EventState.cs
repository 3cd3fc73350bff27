namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// The two bits P and Q of an event state buffer: P, an event was sent on and its end is awaited; Q, another came since (Linux arch/powerpc/include/asm/xive-regs.h).
/// They make a source notify at most once between two ends of interrupt.
/// </summary>
public static class EventState
{
    /// <summary>P=0 Q=0: the next trigger notifies.</summary>
    public const byte Reset = 0b00;

    /// <summary>P=0 Q=1: off, triggers are lost.</summary>
    public const byte Off = 0b01;

    /// <summary>P=1 Q=0: notified.</summary>
    public const byte Pending = 0b10;

    /// <summary>P=1 Q=1: notified, and triggered again since.</summary>
    public const byte Queued = 0b11;

    /// <summary>Both bits.</summary>
    public const byte Mask = 0b11;

    /// <summary>A trigger. True: notify.</summary>
    public static bool Trigger(ref byte state)
    {
        byte before = state;
        if (before == Reset)
            state = Pending;
        else if (before == Pending)
            state = Queued;
        return before == Reset;
    }

    /// <summary>An end of interrupt. True: notify again, a trigger came in between.</summary>
    public static bool End(ref byte state)
    {
        byte before = state;
        if (before == Pending)
            state = Reset;
        else if (before == Queued)
            state = Pending;
        return before == Queued;
    }
}
