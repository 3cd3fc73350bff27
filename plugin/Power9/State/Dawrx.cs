namespace RenodeUvmem.Power9.State;

/// <summary>Bits of DAWRX0 (ISA 3.0B Book III, "Data Address Watchpoint Register Extension"; Linux asm/reg.h, DAWRX_*).</summary>
public static class Dawrx
{
    /// <summary>PRIVM: problem state.</summary>
    public const ulong Problem = 1UL << 0;

    /// <summary>PRIVM: privileged non-hypervisor state.</summary>
    public const ulong Privileged = 1UL << 1;

    /// <summary>PRIVM: hypervisor state.</summary>
    public const ulong Hypervisor = 1UL << 2;

    /// <summary>WTI: relocated or not.</summary>
    public const ulong TranslationIgnored = 1UL << 3;

    /// <summary>WT: what MSR[DR] must be, unless WTI.</summary>
    public const ulong Translation = 1UL << 4;

    /// <summary>DR: loads.</summary>
    public const ulong Load = 1UL << 5;

    /// <summary>DW: stores.</summary>
    public const ulong Store = 1UL << 6;

    /// <summary>HRAMMC: address bit 0 is ignored in hypervisor real mode.</summary>
    public const ulong RealModeBitIgnored = 1UL << 7;

    /// <summary>MRD: doublewords, less one.</summary>
    public const ulong Range = 0x3FUL << RangeShift;

    /// <summary>Place of MRD.</summary>
    public const int RangeShift = 10;
}
