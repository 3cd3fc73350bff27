using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>
/// Counts what is executed in traces, and remembers the last ones. For those who check traces: its run loop has a comparison more for each step. What a step
/// executed says the state's count, so it is the same for each way in which a trace is compiled.
/// </summary>
public sealed unsafe class TraceTally
{
    private const int Kept = 64;

    private readonly Dictionary<nint, string> traces = [];
    private readonly Dictionary<NotedSlot, NotedTrace> noted = [];
    private readonly TraceRun[] last = new TraceRun[Kept];

    /// <summary>Instructions executed in traces; those of a trace that left in its first instruction don't count.</summary>
    public long Instructions { get; private set; }

    /// <summary>How often a trace was entered.</summary>
    public long Entries { get; private set; }

    /// <summary>The last traces that were executed, oldest first.</summary>
    public IReadOnlyList<TraceRun> Last
    {
        get
        {
            int count = (int)Math.Min(Entries, Kept);
            return [.. Enumerable.Range(0, count).Select(n => last[(Entries - count + n) % Kept])];
        }
    }

    /// <summary>What the trace at a slot consists of, for people.</summary>
    public string Describe(nint head) => traces.GetValueOrDefault(head, "from before");

    /// <summary>A trace was installed at a slot.</summary>
    internal void Note(nint head, CompiledTrace trace)
    {
        traces[head] = $"of {trace.Slots.Count} instructions, {trace.Translated} of them translated{(trace.Loops ? ", a loop" : "")}";
        NotedSlot[] slots = [.. trace.Slots.Select(Place)];
        noted[slots[0]] = new NotedTrace(slots, trace.Loops);
    }

    /// <summary>All traces that there ever were, the last one from each instruction on.</summary>
    internal IEnumerable<NotedTrace> Noted => noted.Values;

    private static NotedSlot Place(RecordedSlot slot)
    {
        CodePage* page = slot.CodePage;
        return new NotedSlot(page->RealPage, page->Mode, slot.Index, CodeCache.WordAt(page, slot.Index));
    }

    /// <summary>As the run loop of <see cref="Execution.Cpu"/>.</summary>
    internal Insn* Loop(CpuState* s, Insn* i)
    {
        do
        {
            Insn* at = i;
            long before = s->Executed;
            i = at->Fn(s, at);
            if (s->Executed != before)
                Add(s, at, before);
            if (i == null)
            {
                s->Remaining--;
                return null;
            }
        }
        while (--s->Remaining > 0);
        return i;
    }

    // The run loop counts what was the trace's last instruction.
    private void Add(CpuState* s, Insn* head, long before)
    {
        long after = s->Executed + 1;
        last[Entries++ % Kept] = new TraceRun((nint)s, (nint)head, before, after);
        Instructions += after - before;
    }
}
