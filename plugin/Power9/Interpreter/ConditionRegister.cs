using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Condition Register logic and field moves (ISA 3.0B Book I 2.5, 2.6).</summary>
public static unsafe class ConditionRegister
{
    [Insn("crand", Form.XL, 19, 257, "BT,BA,BB", "I 2.5")]
    public static Insn* Crand(CpuState* s, Insn* i) => Set(s, i, Bit(s, i->A) & Bit(s, i->B));

    [Insn("crandc", Form.XL, 19, 129, "BT,BA,BB", "I 2.5")]
    public static Insn* Crandc(CpuState* s, Insn* i) => Set(s, i, Bit(s, i->A) & ~Bit(s, i->B));

    [Insn("cror", Form.XL, 19, 449, "BT,BA,BB", "I 2.5")]
    public static Insn* Cror(CpuState* s, Insn* i) => Set(s, i, Bit(s, i->A) | Bit(s, i->B));

    [Insn("crorc", Form.XL, 19, 417, "BT,BA,BB", "I 2.5")]
    public static Insn* Crorc(CpuState* s, Insn* i) => Set(s, i, Bit(s, i->A) | ~Bit(s, i->B));

    [Insn("crxor", Form.XL, 19, 193, "BT,BA,BB", "I 2.5")]
    public static Insn* Crxor(CpuState* s, Insn* i) => Set(s, i, Bit(s, i->A) ^ Bit(s, i->B));

    [Insn("creqv", Form.XL, 19, 289, "BT,BA,BB", "I 2.5")]
    public static Insn* Creqv(CpuState* s, Insn* i) => Set(s, i, ~(Bit(s, i->A) ^ Bit(s, i->B)));

    [Insn("crnand", Form.XL, 19, 225, "BT,BA,BB", "I 2.5")]
    public static Insn* Crnand(CpuState* s, Insn* i) => Set(s, i, ~(Bit(s, i->A) & Bit(s, i->B)));

    [Insn("crnor", Form.XL, 19, 33, "BT,BA,BB", "I 2.5")]
    public static Insn* Crnor(CpuState* s, Insn* i) => Set(s, i, ~(Bit(s, i->A) | Bit(s, i->B)));

    [Insn("mcrf", Form.XL, 19, 0, "BF,BFA", "I 2.6")]
    public static Insn* Mcrf(CpuState* s, Insn* i)
    {
        s->Cr[i->T >> 2] = s->Cr[i->A >> 2];
        return i + 1;
    }

    /// <summary>CR bit 0..31, in the low bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bit(CpuState* s, int number) => (s->Cr[number >> 2] >> (3 - (number & 3))) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Set(CpuState* s, Insn* i, int bit)
    {
        int shift = 3 - (i->T & 3);
        byte* field = &s->Cr[i->T >> 2];
        *field = (byte)((*field & ~(1 << shift)) | ((bit & 1) << shift));
        return i + 1;
    }
}
