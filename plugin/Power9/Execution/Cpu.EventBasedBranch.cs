using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Event-based branches (ISA 3.0B Book II 7): problem state goes to its own handler, without an interrupt.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>BESCR or MSR[PR] changed: look for an event after this instruction.</summary>
    internal void CheckEventsSoon()
    {
        if (EventReady)
            State->StopAfterThisInstruction();
    }

    // The exception that occurred is enabled, and so are event-based branches: in BESCR, in FSCR, and in HFSCR for a guest.
    private bool EventReady
    {
        get
        {
            CpuState* s = State;
            ulong bescr = s->Spr[SprNumber.BESCR];
            return (bescr & Bescr.GE) != 0
                && (s->Msr & Msr.PR) != 0
                && (((bescr & Bescr.PME) != 0 && (bescr & Bescr.PMEO) != 0) || ((bescr & Bescr.EE) != 0 && (bescr & Bescr.EEO) != 0))
                && SprAccess.Enabled(s, FacilityNumber.EventBasedBranch);
        }
    }

    // Interrupts come first: their handler returns to the branch.
    private void TakeEventBasedBranch()
    {
        CpuState* s = State;
        if (!EventReady)
            return;
        s->Spr[SprNumber.BESCR] &= ~Bescr.GE;
        s->Spr[SprNumber.EBBRR] = s->Nia;
        s->Nia = s->Spr[SprNumber.EBBHR] & ~3UL;
        if ((s->Msr & Msr.SF) == 0)
            s->Nia = (uint)s->Nia;
    }
}
