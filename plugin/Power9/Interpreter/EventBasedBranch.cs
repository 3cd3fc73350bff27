using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Return from event-based branch (ISA 3.0B Book II 7.3). <see cref="Cpu"/> makes the branch itself.</summary>
public static unsafe class EventBasedBranch
{
    [Insn("rfebb", Form.XL, 19, 146, "S", "II 7.3")]
    public static Insn* Rfebb<TMode, TBit20>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TBit20 : struct, IFlag
    {
        if (!SprAccess.Enabled(s, FacilityNumber.EventBasedBranch))
            return SprAccess.Unavailable(s, i, FacilityNumber.EventBasedBranch);
        s->Spr[SprNumber.CFAR] = Flow.Cia(s, i);
        s->Nia = ModeOps<TMode>.Ea(s->Spr[SprNumber.EBBRR] & ~3UL);
        ulong bescr = s->Spr[SprNumber.BESCR] & ~Bescr.GE;
        s->Spr[SprNumber.BESCR] = TBit20.Set ? bescr | Bescr.GE : bescr;
        return null;
    }
}
