namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>An event assignment: where events of a source go (skiboot include/xive-p9-regs.h, IVE).</summary>
/// <param name="IsValid">The source is in use.</param>
/// <param name="IsMasked">Its events are lost.</param>
/// <param name="EventQueue">Number of the event queue.</param>
/// <param name="Data">What is written there, 31 bits: to Linux its own number of the interrupt.</param>
public readonly record struct Eas(bool IsValid, bool IsMasked, uint EventQueue, uint Data)
{
    /// <summary>Bits of <see cref="Data"/>.</summary>
    public const uint DataMask = 0x7FFF_FFFF;

    /// <summary>Of a source that is in use and not routed.</summary>
    public static Eas Unrouted(uint source) => new(true, true, 0, source);
}
