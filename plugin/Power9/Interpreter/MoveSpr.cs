using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>mfspr and mtspr of the SPRs that code uses all the time and that need no check (ISA 3.0B Book I 3.3.17); all others are general rows.</summary>
public static unsafe class MoveSpr
{
    [Insn("mflr", Form.XFX, 31, 339, "RT", "I 3.3.17", Where = "...........0100000000...........")]
    public static Insn* Mflr(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Spr[SprNumber.LR];
        return i + 1;
    }

    [Insn("mtlr", Form.XFX, 31, 467, "RS", "I 3.3.17", Where = "...........0100000000...........")]
    public static Insn* Mtlr(CpuState* s, Insn* i)
    {
        s->Spr[SprNumber.LR] = s->Gpr[i->T];
        return i + 1;
    }

    [Insn("mfctr", Form.XFX, 31, 339, "RT", "I 3.3.17", Where = "...........0100100000...........")]
    public static Insn* Mfctr(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Spr[SprNumber.CTR];
        return i + 1;
    }

    [Insn("mtctr", Form.XFX, 31, 467, "RS", "I 3.3.17", Where = "...........0100100000...........")]
    public static Insn* Mtctr(CpuState* s, Insn* i)
    {
        s->Spr[SprNumber.CTR] = s->Gpr[i->T];
        return i + 1;
    }

    [Insn("mfxer", Form.XFX, 31, 339, "RT", "I 3.3.17", Where = "...........0000100000...........")]
    public static Insn* Mfxer(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Xer;
        return i + 1;
    }

    [Insn("mtxer", Form.XFX, 31, 467, "RS", "I 3.3.17", Where = "...........0000100000...........")]
    public static Insn* Mtxer(CpuState* s, Insn* i)
    {
        s->Xer = s->Gpr[i->T];
        return i + 1;
    }

    [Insn("mfvrsave", Form.XFX, 31, 339, "RT", "I 3.3.17", Where = "...........0000001000...........")]
    public static Insn* Mfvrsave(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Spr[SprNumber.VRSAVE];
        return i + 1;
    }

    [Insn("mtvrsave", Form.XFX, 31, 467, "RS", "I 3.3.17", Where = "...........0000001000...........")]
    public static Insn* Mtvrsave(CpuState* s, Insn* i)
    {
        s->Spr[SprNumber.VRSAVE] = (uint)s->Gpr[i->T];
        return i + 1;
    }
}
