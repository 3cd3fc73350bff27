using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>The branch history rolling buffer (ISA 3.0B Book II 8). Nothing is recorded: it reads empty.</summary>
public static unsafe class BranchHistory
{
    [Insn("clrbhrb", Form.X, 31, 430, "", "II 8")]
    public static Insn* Clrbhrb(CpuState* s, Insn* i) => Denied(s) ? Refuse(s, i) : i + 1;

    [Insn("mfbhrbe", Form.XFX, 31, 302, "RT,BHRBE", "II 8")]
    public static Insn* Mfbhrbe(CpuState* s, Insn* i)
    {
        if (Denied(s))
            return Refuse(s, i);
        s->Gpr[i->T] = 0;
        return i + 1;
    }

    // FSCR has no bit for it: MMCR0 binds problem state, HFSCR the guest (ISA 3.0B Book III 6.2.11, 6.2.12).
    private static bool Denied(CpuState* s) =>
        DeniedByHypervisor(s) || ((s->Msr & Msr.PR) != 0 && (s->Spr[SprNumber.MMCR0] & Mmcr0.BHRBA) == 0);

    private static bool DeniedByHypervisor(CpuState* s) =>
        (s->Msr & Msr.HV) == 0 && (s->Spr[SprNumber.HFSCR] & (1UL << FacilityNumber.BranchHistory)) == 0;

    private static Insn* Refuse(CpuState* s, Insn* i) =>
        Raise.FacilityUnavailable(s, i, DeniedByHypervisor(s), FacilityNumber.BranchHistory);
}
