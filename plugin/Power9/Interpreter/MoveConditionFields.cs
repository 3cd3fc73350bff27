using System.Numerics;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>CR fields to and from GPRs, and what sets a GPR by a CR field (ISA 3.0B Book I 3.3.10, 3.3.18).</summary>
public static unsafe class MoveConditionFields
{
    [Insn("mfcr", Form.XFX, 31, 19, "RT", "I 3.3.18", Where = "...........0....................")]
    public static Insn* Mfcr(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->CrWord;
        return i + 1;
    }

    [Insn("mfocrf", Form.XFX, 31, 19, "RT,FXM", "I 3.3.18", Where = "...........1....................")]
    public static Insn* Mfocrf(CpuState* s, Insn* i)
    {
        int field = OneField(i);
        s->Gpr[i->T] = (ulong)s->Cr[field] << (28 - (4 * field));
        return i + 1;
    }

    [Insn("mtcrf", Form.XFX, 31, 144, "FXM,RS", "I 3.3.18", Where = "...........0....................")]
    public static Insn* Mtcrf(CpuState* s, Insn* i)
    {
        uint value = (uint)s->Gpr[i->T];
        Field(s, i, 0, value);
        Field(s, i, 1, value);
        Field(s, i, 2, value);
        Field(s, i, 3, value);
        Field(s, i, 4, value);
        Field(s, i, 5, value);
        Field(s, i, 6, value);
        Field(s, i, 7, value);
        return i + 1;
    }

    [Insn("mtocrf", Form.XFX, 31, 144, "FXM,RS", "I 3.3.18", Where = "...........1....................")]
    public static Insn* Mtocrf(CpuState* s, Insn* i)
    {
        int field = OneField(i);
        s->Cr[field] = (byte)(((uint)s->Gpr[i->T] >> (28 - (4 * field))) & 0xF);
        return i + 1;
    }

    [Insn("mcrxrx", Form.X, 31, 576, "BF", "I 3.3.18")]
    public static Insn* Mcrxrx(CpuState* s, Insn* i)
    {
        s->Cr[i->T >> 2] = (byte)((s->Ov << 3) | (s->Ov32 << 2) | (s->Ca << 1) | s->Ca32);
        return i + 1;
    }

    [Insn("setb", Form.X, 31, 128, "RT,BFA", "I 3.3.18")]
    public static Insn* Setb(CpuState* s, Insn* i)
    {
        byte field = s->Cr[i->A >> 2];
        s->Gpr[i->T] = (field & Condition.LT) != 0 ? ulong.MaxValue : (field & Condition.GT) != 0 ? 1UL : 0;
        return i + 1;
    }

    [Insn("isel", Form.Isel, 31, 15, "RT,RA0,RB,BC", "I 3.3.13")]
    public static Insn* Isel(CpuState* s, Insn* i)
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        s->Gpr[i->T] = ConditionRegister.Bit(s, i->C) != 0 ? a : b;
        return i + 1;
    }

    // No loop: the translator follows straight code only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Field(CpuState* s, Insn* i, int field, uint value)
    {
        if ((i->Imm & (0x80000 >> field)) != 0)
            s->Cr[field] = (byte)((value >> (28 - (4 * field))) & 0xF);
    }

    // With several FXM bits POWER9 uses the first one, with none CR7.
    private static int OneField(Insn* i)
    {
        // A bit behind the last one is found if there is no other.
        return BitOperations.LeadingZeroCount(((uint)i->Imm << 12) | (1 << 24));
    }
}
