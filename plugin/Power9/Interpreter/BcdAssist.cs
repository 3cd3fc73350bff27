using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Binary coded decimal assist (ISA 3.0B Book I 3.3.16).</summary>
public static unsafe class BcdAssist
{
    /// <summary>6 in each digit from which the addition has no carry out.</summary>
    [Insn("addg6s", Form.XO, 31, 74, "RT,RA,RB", "I 3.3.16")]
    public static Insn* Addg6s(CpuState* s, Insn* i)
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        ulong carries = (a & b) | ((a | b) & ~(a + b));
        ulong noCarry = (~carries >> 3) & 0x1111111111111111;
        s->Gpr[i->T] = noCarry * 6;
        return i + 1;
    }

    [Insn("cdtbcd", Form.X, 31, 282, "RA,RS", "I 3.3.16")]
    public static Insn* Cdtbcd(CpuState* s, Insn* i)
    {
        ulong value = s->Gpr[i->T];
        ulong result = 0;
        for (int word = 0; word < 64; word += 32)
        {
            result |= (ulong)DenselyPackedDecimal.ToBcd((uint)(value >> word) & 0x3FF) << word;
            result |= (ulong)DenselyPackedDecimal.ToBcd((uint)(value >> (word + 10)) & 0x3FF) << (word + 12);
        }

        s->Gpr[i->A] = result;
        return i + 1;
    }

    [Insn("cbcdtd", Form.X, 31, 314, "RA,RS", "I 3.3.16")]
    public static Insn* Cbcdtd(CpuState* s, Insn* i)
    {
        ulong value = s->Gpr[i->T];
        ulong result = 0;
        for (int word = 0; word < 64; word += 32)
        {
            result |= (ulong)DenselyPackedDecimal.FromBcd((uint)(value >> word) & 0xFFF) << word;
            result |= (ulong)DenselyPackedDecimal.FromBcd((uint)(value >> (word + 12)) & 0xFFF) << (word + 10);
        }

        s->Gpr[i->A] = result;
        return i + 1;
    }
}
