using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// <c>or Rx,Rx,Rx</c>: it changes no GPR, but PPR[PRI] (ISA 3.0B Book II 3.1, 3.2; Linux ppc_asm.h, HMT_*). Priority does nothing here, but
/// software saves and restores PPR.
/// </summary>
internal static unsafe class ProgramPriority
{
    public static Insn* Hint(CpuState* s, Insn* i)
    {
        bool problem = (s->Msr & Msr.PR) != 0;
        bool hypervisor = (s->Msr & (Msr.PR | Msr.HV)) == Msr.HV;
        ulong priority = i->A switch
        {
            31 => 1,
            1 => 2,
            6 => 3,
            2 => 4,

            // Problem state may be boosted only as long as PSPB is not 0.
            5 when !problem || s->Spr[SprNumber.PSPB] != 0 => 5,
            3 when !problem => 6,
            7 when hypervisor => 7,
            _ => 0,
        };
        if (priority != 0)
            s->Spr[SprNumber.PPR] = (s->Spr[SprNumber.PPR] & ~Ppr.Priority) | (priority << Ppr.PriorityShift);
        return i + 1;
    }
}
