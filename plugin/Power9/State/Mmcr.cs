namespace RenodeUvmem.Power9.State;

/// <summary>MMCR0: when counters stand still, and what their overflow causes (ISA 3.0B Book III 9.4.4).</summary>
public static class Mmcr0
{
    /// <summary>All counters stand still.</summary>
    public const ulong FC = 1UL << 31;

    /// <summary>They do in privileged non-hypervisor state.</summary>
    public const ulong FCS = 1UL << 30;

    /// <summary>They do in problem state.</summary>
    public const ulong FCP = 1UL << 29;

    /// <summary>They do while MSR[PMM]=1.</summary>
    public const ulong FCM1 = 1UL << 28;

    /// <summary>They do while MSR[PMM]=0.</summary>
    public const ulong FCM0 = 1UL << 27;

    /// <summary>Performance Monitor Alert Enable: enabled conditions cause an alert, once.</summary>
    public const ulong PMAE = 1UL << 26;

    /// <summary>An enabled condition sets FC.</summary>
    public const ulong FCECE = 1UL << 25;

    /// <summary>Problem state may use the branch history rolling buffer.</summary>
    public const ulong BHRBA = 1UL << 21;

    /// <summary>The alert is an event for an event-based branch.</summary>
    public const ulong EBE = 1UL << 20;

    /// <summary>What problem state may do with the counters and their control.</summary>
    public const ulong PMCC = 3UL << 18;

    /// <summary>A negative PMC1 is an enabled condition.</summary>
    public const ulong PMC1CE = 1UL << 15;

    /// <summary>A negative PMC2 to PMC6 is.</summary>
    public const ulong PMCjCE = 1UL << 14;

    /// <summary>PMC2 to PMC6 stand still until PMC1 is negative or an enabled condition occurs.</summary>
    public const ulong TRIGGER = 1UL << 13;

    /// <summary>With FCP: problem state of the hypervisor or of its guests only.</summary>
    public const ulong FCPC = 1UL << 12;

    /// <summary>PMC5 and PMC6 count without the run latch, too.</summary>
    public const ulong CC56RUN = 1UL << 8;

    /// <summary>Performance Monitor Alert Occurred.</summary>
    public const ulong PMAO = 1UL << 7;

    /// <summary>PMC5 and PMC6 stand still.</summary>
    public const ulong FC56 = 1UL << 4;

    /// <summary>They stand still while the run latch is off.</summary>
    public const ulong FCWAIT = 1UL << 1;

    /// <summary>They do in hypervisor state.</summary>
    public const ulong FCH = 1UL << 0;

    /// <summary>What there is of it for problem state.</summary>
    public const ulong User = FC | PMAE | PMAO;
}

/// <summary>MMCR2: the same for each counter by itself, nine bits for each (ISA 3.0B Book III 9.4.6). The constants are those of PMC1.</summary>
public static class Mmcr2
{
    /// <summary>Width of a counter's field.</summary>
    public const int Width = 9;

    public const ulong FCS = 1UL << 63;

    public const ulong FCP0 = 1UL << 62;

    public const ulong FCP1 = 1UL << 61;

    public const ulong FCM1 = 1UL << 60;

    public const ulong FCM0 = 1UL << 59;

    public const ulong FCWAIT = 1UL << 58;

    public const ulong FCH = 1UL << 57;

    /// <summary>What there is of it for problem state: FCnP0 of the six counters.</summary>
    public const ulong User = 0x4020100804020000;
}

/// <summary>SIER: what the sampled instruction was (Linux arch/powerpc/include/asm/reg.h).</summary>
public static class Sier
{
    public const ulong SIPR = 0x2000000;

    public const ulong SIHV = 0x1000000;

    public const ulong SIAR_VALID = 0x0400000;
}
