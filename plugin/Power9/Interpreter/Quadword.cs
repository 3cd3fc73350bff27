using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>lq and stq (ISA 3.0B Book I 3.3.4): register pair RTp holds the high, RTp+1 the low doubleword of the number in storage. Both are single-copy atomic.</summary>
public static unsafe class Quadword
{
    [Insn("lq", Form.DQ, 56, -1, "RTp,DQ(RA0)", "I 3.3.4")]
    public static Insn* Lq<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        // An odd RTp is an invalid form.
        if ((i->T & 1) != 0)
            return Raise.EmulationAssistance(s, i);
        ulong ea = EffectiveAddress.D<TMode>(s, i);
        if ((ea & 15) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        if (!Access.Load<TMode>(s, i, ea, out UInt128 value))
            return null;
        s->Gpr[i->T] = (ulong)(value >> 64);
        s->Gpr[i->T + 1] = (ulong)value;
        return i + 1;
    }

    [Insn("stq", Form.DS, 62, 2, "RSp,DS(RA0)", "I 3.3.4")]
    public static Insn* Stq<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if ((i->T & 1) != 0)
            return Raise.EmulationAssistance(s, i);
        ulong ea = EffectiveAddress.D<TMode>(s, i);
        if ((ea & 15) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        return Access.Store<TMode>(s, i, ea, new UInt128(s->Gpr[i->T], s->Gpr[i->T + 1])) ? i + 1 : null;
    }
}
