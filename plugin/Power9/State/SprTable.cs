using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.State;

/// <summary>Who may read and write an SPR, and whether that is a plain load and store.</summary>
/// <param name="Number">SPR number.</param>
/// <param name="Name">ISA name.</param>
/// <param name="Read">Least privilege for mfspr, null if it can't be read.</param>
/// <param name="Write">Least privilege for mtspr, null if it can't be written.</param>
/// <param name="Special">Reads or writes go through <c>Cpu.ReadSpecialSpr</c> and <c>Cpu.WriteSpecialSpr</c>.</param>
/// <param name="Facility">FSCR/HFSCR facility that gates it, or -1.</param>
public sealed record SprRow(int Number, string Name, Privilege? Read, Privilege? Write, bool Special, int Facility);

/// <summary>The SPRs that POWER9 has and this CPU models (ISA 3.0B Book III 5.4.4). One row each.</summary>
public static class SprTable
{
    private const Privilege Problem = Privilege.Problem;
    private const Privilege Privileged = Privilege.Privileged;
    private const Privilege Hypervisor = Privilege.Hypervisor;
    private const Privilege Ultravisor = Privilege.Ultravisor;
    private static readonly SprRow?[] ByNumber = new SprRow?[1024];

    static SprTable()
    {
        Special(SprNumber.XER, nameof(SprNumber.XER), Problem, Problem);
        Special(SprNumber.UDSCR, nameof(SprNumber.UDSCR), Problem, Problem, FacilityNumber.Dscr);
        Plain(SprNumber.LR, nameof(SprNumber.LR), Problem, Problem);
        Plain(SprNumber.CTR, nameof(SprNumber.CTR), Problem, Problem);
        Special(SprNumber.UAMR, nameof(SprNumber.UAMR), Problem, Problem);
        Plain(SprNumber.DSCR, nameof(SprNumber.DSCR), Privileged, Privileged, FacilityNumber.Dscr);
        Special(SprNumber.DSISR, nameof(SprNumber.DSISR), Privileged, Privileged);
        Plain(SprNumber.DAR, nameof(SprNumber.DAR), Privileged, Privileged);
        Special(SprNumber.DEC, nameof(SprNumber.DEC), Privileged, Privileged);
        Plain(SprNumber.SRR0, nameof(SprNumber.SRR0), Privileged, Privileged);
        Plain(SprNumber.SRR1, nameof(SprNumber.SRR1), Privileged, Privileged);
        Plain(SprNumber.CFAR, nameof(SprNumber.CFAR), Privileged, Privileged);
        Special(SprNumber.AMR, nameof(SprNumber.AMR), Privileged, Privileged);
        Special(SprNumber.PIDR, nameof(SprNumber.PIDR), Privileged, Privileged);
        Special(SprNumber.IAMR, nameof(SprNumber.IAMR), Privileged, Privileged);
        Plain(SprNumber.TFHAR, nameof(SprNumber.TFHAR), Problem, Problem, FacilityNumber.TransactionalMemory);
        Plain(SprNumber.TFIAR, nameof(SprNumber.TFIAR), Problem, Problem, FacilityNumber.TransactionalMemory);
        Plain(SprNumber.TEXASR, nameof(SprNumber.TEXASR), Problem, Problem, FacilityNumber.TransactionalMemory);
        Special(SprNumber.TEXASRU, nameof(SprNumber.TEXASRU), Problem, Problem, FacilityNumber.TransactionalMemory);
        Special(SprNumber.CTRL_Read, nameof(SprNumber.CTRL), Problem, null);
        Plain(SprNumber.TIDR, nameof(SprNumber.TIDR), Privileged, Privileged);
        Special(SprNumber.CTRL, nameof(SprNumber.CTRL), null, Privileged);
        Plain(SprNumber.FSCR, nameof(SprNumber.FSCR), Privileged, Privileged);
        Plain(SprNumber.UAMOR, nameof(SprNumber.UAMOR), Privileged, Privileged);
        Plain(SprNumber.GSR, nameof(SprNumber.GSR), null, Privileged);
        Plain(SprNumber.PSPB, nameof(SprNumber.PSPB), Privileged, Privileged);
        Special(SprNumber.DPDES, nameof(SprNumber.DPDES), Privileged, Hypervisor);
        Special(SprNumber.DAWR0, nameof(SprNumber.DAWR0), Hypervisor, Hypervisor);
        Plain(SprNumber.RPR, nameof(SprNumber.RPR), Hypervisor, Hypervisor);
        Special(SprNumber.CIABR, nameof(SprNumber.CIABR), Hypervisor, Hypervisor);
        Special(SprNumber.DAWRX0, nameof(SprNumber.DAWRX0), Hypervisor, Hypervisor);
        Special(SprNumber.HFSCR, nameof(SprNumber.HFSCR), Hypervisor, Hypervisor);
        Special(SprNumber.VRSAVE, nameof(SprNumber.VRSAVE), Problem, Problem);
        Special(SprNumber.USPRG3, nameof(SprNumber.SPRG3), Problem, null);
        Special(SprNumber.TB_Read, "TB", Problem, null);
        Special(SprNumber.TBU_Read, nameof(SprNumber.TBU), Problem, null);
        Plain(SprNumber.SPRG0, nameof(SprNumber.SPRG0), Privileged, Privileged);
        Plain(SprNumber.SPRG1, nameof(SprNumber.SPRG1), Privileged, Privileged);
        Plain(SprNumber.SPRG2, nameof(SprNumber.SPRG2), Privileged, Privileged);
        Plain(SprNumber.SPRG3, nameof(SprNumber.SPRG3), Privileged, Privileged);
        Plain(SprNumber.CIR, nameof(SprNumber.CIR), Privileged, null);
        Special(SprNumber.TBL, nameof(SprNumber.TBL), null, Hypervisor);
        Special(SprNumber.TBU, nameof(SprNumber.TBU), null, Hypervisor);
        Special(SprNumber.TBU40, nameof(SprNumber.TBU40), null, Hypervisor);
        Plain(SprNumber.PVR, nameof(SprNumber.PVR), Privileged, null);
        Plain(SprNumber.HSPRG0, nameof(SprNumber.HSPRG0), Hypervisor, Hypervisor);
        Plain(SprNumber.HSPRG1, nameof(SprNumber.HSPRG1), Hypervisor, Hypervisor);
        Special(SprNumber.HDSISR, nameof(SprNumber.HDSISR), Hypervisor, Hypervisor);
        Plain(SprNumber.HDAR, nameof(SprNumber.HDAR), Hypervisor, Hypervisor);
        Special(SprNumber.SPURR, nameof(SprNumber.SPURR), Privileged, Hypervisor);
        Special(SprNumber.PURR, nameof(SprNumber.PURR), Privileged, Hypervisor);
        Special(SprNumber.HDEC, nameof(SprNumber.HDEC), Hypervisor, Hypervisor);
        Special(SprNumber.HRMOR, nameof(SprNumber.HRMOR), Hypervisor, Hypervisor);
        Plain(SprNumber.HSRR0, nameof(SprNumber.HSRR0), Hypervisor, Hypervisor);
        Plain(SprNumber.HSRR1, nameof(SprNumber.HSRR1), Hypervisor, Hypervisor);
        Special(SprNumber.LPCR, nameof(SprNumber.LPCR), Hypervisor, Hypervisor);
        Special(SprNumber.LPIDR, nameof(SprNumber.LPIDR), Hypervisor, Hypervisor);
        Special(SprNumber.HMER, nameof(SprNumber.HMER), Hypervisor, Hypervisor);
        Plain(SprNumber.HMEER, nameof(SprNumber.HMEER), Hypervisor, Hypervisor);
        Plain(SprNumber.PCR, nameof(SprNumber.PCR), Hypervisor, Hypervisor);
        Special(SprNumber.HEIR, nameof(SprNumber.HEIR), Hypervisor, Hypervisor);
        Plain(SprNumber.AMOR, nameof(SprNumber.AMOR), Hypervisor, Hypervisor);
        Special(SprNumber.PTCR, nameof(SprNumber.PTCR), Hypervisor, Hypervisor);
        Plain(SprNumber.USPRG0, nameof(SprNumber.USPRG0), Ultravisor, Ultravisor);
        Plain(SprNumber.USPRG1, nameof(SprNumber.USPRG1), Ultravisor, Ultravisor);
        Plain(SprNumber.UDAR, nameof(SprNumber.UDAR), Ultravisor, Ultravisor);
        Special(SprNumber.URMOR, nameof(SprNumber.URMOR), Ultravisor, Ultravisor);
        Plain(SprNumber.USRR0, nameof(SprNumber.USRR0), Ultravisor, Ultravisor);
        Plain(SprNumber.USRR1, nameof(SprNumber.USRR1), Ultravisor, Ultravisor);
        Plain(SprNumber.SMFCTRL, nameof(SprNumber.SMFCTRL), Ultravisor, Ultravisor);
        for (int number = SprNumber.SIER_User; number <= SprNumber.MMCR1_User; number++)
        {
            // 768..782 mirror 784..798 for problem state, some of them for reading only.
            bool readOnly = number is SprNumber.SIER_User or SprNumber.SIAR_User or SprNumber.SDAR_User or SprNumber.MMCR1_User;
            if (number is not (777 or 778))
                Special(number, UserPmuName(number), Problem, readOnly ? null : Problem, FacilityNumber.PerformanceMonitor);
        }

        for (int number = SprNumber.SIER; number <= SprNumber.MMCR1; number++)
        {
            if (number is not (793 or 794))
                Special(number, PmuName(number), Privileged, Privileged, FacilityNumber.PerformanceMonitor);
        }

        Special(SprNumber.IMC, nameof(SprNumber.IMC), Hypervisor, Hypervisor);
        Special(SprNumber.BESCRS, nameof(SprNumber.BESCRS), Problem, Problem, FacilityNumber.EventBasedBranch);
        Special(SprNumber.BESCRSU, nameof(SprNumber.BESCRSU), Problem, Problem, FacilityNumber.EventBasedBranch);
        Special(SprNumber.BESCRR, nameof(SprNumber.BESCRR), Problem, Problem, FacilityNumber.EventBasedBranch);
        Special(SprNumber.BESCRRU, nameof(SprNumber.BESCRRU), Problem, Problem, FacilityNumber.EventBasedBranch);
        Plain(SprNumber.EBBHR, nameof(SprNumber.EBBHR), Problem, Problem, FacilityNumber.EventBasedBranch);
        Plain(SprNumber.EBBRR, nameof(SprNumber.EBBRR), Problem, Problem, FacilityNumber.EventBasedBranch);
        Special(SprNumber.BESCR, nameof(SprNumber.BESCR), Problem, Problem, FacilityNumber.EventBasedBranch);
        Plain(SprNumber.TAR, nameof(SprNumber.TAR), Problem, Problem, FacilityNumber.Tar);
        Plain(SprNumber.ASDR, nameof(SprNumber.ASDR), Hypervisor, Hypervisor);
        Special(SprNumber.PSSCR_Supervisor, "PSSCR_SU", Privileged, Privileged);
        Plain(SprNumber.IC, nameof(SprNumber.IC), Privileged, Hypervisor);
        Special(SprNumber.VTB, nameof(SprNumber.VTB), Privileged, Hypervisor);
        Special(SprNumber.LDBAR, nameof(SprNumber.LDBAR), Hypervisor, Hypervisor);
        Plain(SprNumber.MMCRC, nameof(SprNumber.MMCRC), Hypervisor, Hypervisor);
        Plain(SprNumber.PMICR, nameof(SprNumber.PMICR), Hypervisor, Hypervisor);
        Plain(SprNumber.PMSR, nameof(SprNumber.PMSR), Hypervisor, null);
        Plain(SprNumber.PMMAR, nameof(SprNumber.PMMAR), Hypervisor, Hypervisor);
        Plain(SprNumber.PSSCR, nameof(SprNumber.PSSCR), Hypervisor, Hypervisor);
        Plain(SprNumber.L2QOSR, nameof(SprNumber.L2QOSR), null, Hypervisor);
        Plain(SprNumber.WORT, nameof(SprNumber.WORT), Privileged, Privileged);
        Plain(SprNumber.PPR, nameof(SprNumber.PPR), Problem, Problem);
        Special(SprNumber.PPR32, nameof(SprNumber.PPR32), Problem, Problem);
        Plain(SprNumber.TSCR, nameof(SprNumber.TSCR), Hypervisor, Hypervisor);
        Plain(SprNumber.TTR, nameof(SprNumber.TTR), Hypervisor, Hypervisor);
        Plain(SprNumber.TRACE, nameof(SprNumber.TRACE), Hypervisor, Hypervisor);
        Special(SprNumber.HID, "HID", Hypervisor, Hypervisor);
        Plain(SprNumber.PIR, nameof(SprNumber.PIR), Privileged, null);
    }

    /// <summary>All rows, by number.</summary>
    public static IEnumerable<SprRow> Rows => ByNumber.OfType<SprRow>();

    /// <summary>The row of a number, or null: no such SPR.</summary>
    public static SprRow? Find(int number) => ByNumber[number & 1023];

    private static string UserPmuName(int number) => "U" + PmuName(number + 16);

    private static string PmuName(int number) => number switch
    {
        SprNumber.SIER => nameof(SprNumber.SIER),
        SprNumber.MMCR2 => nameof(SprNumber.MMCR2),
        SprNumber.MMCRA => nameof(SprNumber.MMCRA),
        SprNumber.MMCR0 => nameof(SprNumber.MMCR0),
        SprNumber.MMCR1 => nameof(SprNumber.MMCR1),
        SprNumber.SIAR => nameof(SprNumber.SIAR),
        SprNumber.SDAR => nameof(SprNumber.SDAR),
        _ => $"PMC{number - SprNumber.PMC1 + 1}",
    };

    private static void Plain(int number, string name, Privilege? read, Privilege? write, int facility = -1) =>
        ByNumber[number] = new SprRow(number, name, read, write, false, facility);

    private static void Special(int number, string name, Privilege? read, Privilege? write, int facility = -1) =>
        ByNumber[number] = new SprRow(number, name, read, write, true, facility);
}
