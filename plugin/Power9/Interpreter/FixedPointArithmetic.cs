using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point arithmetic (ISA 3.0B Book I 3.3.9).</summary>
public static unsafe class FixedPointArithmetic
{
    [Insn("addi", Form.D, 14, -1, "RT,RA0,SI", "I 3.3.9")]
    public static Insn* Addi(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Gpr[i->A] + (ulong)i->Imm;
        return i + 1;
    }

    [Insn("add[o][.]", Form.XO, 31, 266, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Add<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        ulong sum = a + b;
        s->Gpr[i->T] = sum;
        if (TOe.Set)
            Condition.SetOverflow(s, (long)((a ^ sum) & (b ^ sum)) < 0, (int)((a ^ sum) & (b ^ sum)) < 0);
        if (TRc.Set)
            Condition.SetCr0<TMode>(s, sum);
        return i + 1;
    }
}
