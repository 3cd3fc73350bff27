using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>The run loop while a counter counts events that only some instructions are. It executes and counts as the other ones do.</summary>
public sealed unsafe partial class Cpu
{
    // With a recorder it is called for one instruction at a time.
    private Insn* TallyingLoop(CpuState* s, Insn* i, CoverageRecorder? recorder)
    {
        do
        {
            Type? group = InstructionTable.Instance.Find(InstructionWordAt(i))?.Group;
            long remaining = s->Remaining;
            long deliveries = Deliveries;
            Insn* next;
            if (recorder is null)
            {
                next = ((delegate*<CpuState*, Insn*, Insn*>)Volatile.Read(ref *(nint*)&i->Fn))(s, i);
            }
            else
            {
                // It counts the instruction, as this loop does.
                next = RecordingLoop(s, i, recorder);
                s->Remaining++;
            }

            // One that took an interrupt did not complete, one that gave its count back did not run.
            if (deliveries == Deliveries && s->Remaining <= remaining)
                monitor.Tally(EventOf(s, group));
            if (next == null)
            {
                s->Remaining--;
                return null;
            }

            i = next;
        }
        while (--s->Remaining > 0);
        return i;
    }

    // Load and reserve makes a reservation, store conditional ends it, so what is in CR0 without one is the store's.
    private static MonitorEvent EventOf(CpuState* s, Type? group)
    {
        if (group == typeof(Branch))
            return MonitorEvent.Branches;
        bool failed = group == typeof(Reservation) && s->ReserveValid == 0 && (s->Cr[0] & Condition.EQ) == 0;
        return failed ? MonitorEvent.FailedConditionalStores : MonitorEvent.None;
    }
}
