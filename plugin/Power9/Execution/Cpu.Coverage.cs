using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>The run loop that notes what ran. It executes and counts as the other one does.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Notes what runs in privileged state, or null.</summary>
    public CoverageRecorder? Coverage { get; set; }

    private static Insn* RecordingLoop(CpuState* s, Insn* i, CoverageRecorder recorder)
    {
        // Pages are known by effective address: world and translation stay what they are for a run.
        ulong page = ulong.MaxValue;
        Insn* slots = null;
        byte* notes = null;
        do
        {
            if (s->CodePageEa != page)
            {
                page = s->CodePageEa;
                slots = s->CodePage;
                notes = recorder.NotesOf(s);
            }

            // The slot behind the last stands for the first instruction of the next page: its address and its note are right.
            byte* note = notes + (i - slots);
            ulong behind = Flow.Cia(s, i) + 4;
            long remaining = s->Remaining;
            Insn* next = i->Fn(s, i);
            if (next == null)
            {
                // One that gave its count back did not run.
                if (s->Remaining <= remaining)
                    *note |= (byte)(s->Nia == behind ? CoverageBits.Next : CoverageBits.Elsewhere);
                s->Remaining--;
                return null;
            }

            *note |= (byte)(Flow.Cia(s, next) == behind ? CoverageBits.Next : CoverageBits.Elsewhere);
            i = next;
        }
        while (--s->Remaining > 0);
        return i;
    }
}
