using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>
/// SPRs of an SVM that the hypervisor must not see: saved when the SVM is left, restored when it is entered.
/// PURR and SPURR are functions of time here and hold nothing of the SVM.
/// </summary>
internal static class HiddenSprs
{
    /// <summary>Numbers and what the hypervisor sees instead.</summary>
    public static readonly (int Spr, ulong Seen)[] All =
    [
        (SprNumber.LR, 0), (SprNumber.CTR, 0), (SprNumber.CFAR, 0),
        (SprNumber.SRR0, 0), (SprNumber.SRR1, 0),
        (SprNumber.SPRG0, 0), (SprNumber.SPRG1, 0), (SprNumber.SPRG2, 0), (SprNumber.SPRG3, 0),
        (SprNumber.DAR, 0), (SprNumber.DSISR, 0),
        (SprNumber.CIABR, 0), (SprNumber.DAWR0, 0), (SprNumber.DAWRX0, 0),
        (SprNumber.IAMR, 0), (SprNumber.UAMOR, 0), (SprNumber.DSCR, 0), (SprNumber.PSPB, 0), (SprNumber.TAR, 0), (SprNumber.TIDR, 0), (SprNumber.VRSAVE, 0),
        (SprNumber.EBBHR, 0), (SprNumber.EBBRR, 0),
        (SprNumber.PMC1, 0), (SprNumber.PMC2, 0), (SprNumber.PMC3, 0), (SprNumber.PMC4, 0), (SprNumber.PMC5, 0), (SprNumber.PMC6, 0),
        (SprNumber.MMCR0, Mmcr0.FC), (SprNumber.MMCR1, 0), (SprNumber.MMCR2, 0), (SprNumber.MMCRA, 0), (SprNumber.MMCRC, 0),
        (SprNumber.SIAR, 0), (SprNumber.SDAR, 0), (SprNumber.SIER, 0),
        (SprNumber.TRACE, 0), (SprNumber.IC, 0), (SprNumber.HEIR, 0),
        (SprNumber.PPR, Ppr.Medium),
    ];

    /// <summary>Index of SRR0 in <see cref="All"/>; SRR1 follows.</summary>
    public static readonly int Srr0 = Array.FindIndex(All, entry => entry.Spr == SprNumber.SRR0);
}
