using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>Which of our SPRs the names of QEMU's stub are.</summary>
internal static class PeerSprs
{
    /// <summary>Those that make up the state of a processor. LPCR first: others depend on it.</summary>
    public static readonly IReadOnlyList<(string Name, int Number)> State =
    [
        ("lpcr", SprNumber.LPCR), ("hid0", SprNumber.HID), ("hfscr", SprNumber.HFSCR), ("fscr", SprNumber.FSCR), ("ptcr", SprNumber.PTCR), ("hrmor", SprNumber.HRMOR),
        ("lpidr", SprNumber.LPIDR), ("pid", SprNumber.PIDR), ("amr", SprNumber.AMR), ("iamr", SprNumber.IAMR), ("uamor", SprNumber.UAMOR), ("amor", SprNumber.AMOR),
        ("spr_dscr", SprNumber.DSCR), ("dsisr", SprNumber.DSISR), ("dar", SprNumber.DAR), ("srr0", SprNumber.SRR0), ("srr1", SprNumber.SRR1),
        ("tfhar", SprNumber.TFHAR), ("tfiar", SprNumber.TFIAR), ("texasr", SprNumber.TEXASR), ("tidr", SprNumber.TIDR), ("spr_ctrl", SprNumber.CTRL),
        ("pspb", SprNumber.PSPB), ("dpdes", SprNumber.DPDES), ("dawr0", SprNumber.DAWR0), ("dawrx0", SprNumber.DAWRX0), ("ciabr", SprNumber.CIABR), ("rpr", SprNumber.RPR),
        ("vrsave", SprNumber.VRSAVE), ("sprg0", SprNumber.SPRG0), ("sprg1", SprNumber.SPRG1), ("sprg2", SprNumber.SPRG2), ("sprg3", SprNumber.SPRG3), ("pvr", SprNumber.PVR),
        ("hsprg0", SprNumber.HSPRG0), ("hsprg1", SprNumber.HSPRG1), ("hdsisr", SprNumber.HDSISR), ("hdar", SprNumber.HDAR), ("hsrr0", SprNumber.HSRR0), ("hsrr1", SprNumber.HSRR1),
        ("hmer", SprNumber.HMER), ("hmeer", SprNumber.HMEER), ("pcr", SprNumber.PCR), ("mmcr0", SprNumber.MMCR0), ("mmcr1", SprNumber.MMCR1), ("mmcr2", SprNumber.MMCR2),
        ("mmcra", SprNumber.MMCRA), ("mmcrc", SprNumber.MMCRC), ("siar", SprNumber.SIAR), ("sdar", SprNumber.SDAR), ("sier", SprNumber.SIER), ("bescr", SprNumber.BESCR),
        ("ebbhr", SprNumber.EBBHR), ("ebbrr", SprNumber.EBBRR), ("tar", SprNumber.TAR), ("asdr", SprNumber.ASDR), ("psscr", SprNumber.PSSCR), ("wort", SprNumber.WORT),
        ("ppr", SprNumber.PPR), ("tscr", SprNumber.TSCR), ("pir", SprNumber.PIR), ("pmc1", SprNumber.PMC1), ("pmc2", SprNumber.PMC2), ("pmc3", SprNumber.PMC3),
        ("pmc4", SprNumber.PMC4), ("pmc5", SprNumber.PMC5), ("pmc6", SprNumber.PMC6), ("ic", SprNumber.IC),
    ];

    /// <summary>Whether a register's value is time: it is never compared, only taken over.</summary>
    public static bool IsTime(int number) => number is SprNumber.TB_Read or SprNumber.TBU_Read or SprNumber.DEC or SprNumber.HDEC or SprNumber.PURR or SprNumber.SPURR or SprNumber.VTB;
}
