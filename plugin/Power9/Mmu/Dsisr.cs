namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// DSISR and HDSISR bits (ISA 3.0B Book III 7.2.5). The first four positions are also the SRR1 and HSRR1 bits of instruction storage interrupts.
/// </summary>
public static class Dsisr
{
    public const uint NoTranslation = 0x40000000;
    public const uint NoExecute = 0x10000000;
    public const uint Protection = 0x08000000;
    public const uint Store = 0x02000000;
    public const uint DataAddressWatchpoint = 0x00400000;
    public const uint KeyProtection = 0x00200000;
    public const uint UnsupportedRadix = 0x00080000;
    public const uint ReferenceChange = 0x00040000;
    public const uint ProcessTable = 0x00020000;
}
