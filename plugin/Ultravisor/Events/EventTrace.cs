using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>
/// A run in the JSON format of Chrome's trace viewer, which Perfetto opens too. Tracks: what each CPU does; for each SVM its life, its calls, one within another,
/// and its pages; ultracalls that the hypervisor makes of its own accord. Time is guest time. May begin at any time; <see cref="Dispose"/> completes it.
/// </summary>
public sealed unsafe class EventTrace : IUltravisorEvents, IDisposable
{
    // Process numbers. Threads of process n have numbers from n * TracksOfProcess; PIRs are small, and a CPU has two.
    private const int Machine = 1;
    private const int HypervisorCalls = 2;
    private const int FirstPartition = 10;
    private const int TracksOfProcess = 10_000;
    private const int Life = 1;
    private const int PageChanges = 2;
    private const int FirstLane = 10;

    private readonly TraceWriter writer;
    private readonly PageCensus census;
    private readonly CallLanes lanes = new();
    private readonly ISymbols? symbols;
    private readonly List<CpuSpan> cpus = [];
    private readonly Dictionary<TraceTrack, Stack<string>> open = [];
    private PageMoves moves;
    private ulong now;

    /// <summary>Begins a trace.</summary>
    /// <param name="stream">Where to; stays the caller's.</param>
    /// <param name="model">Whose events will come.</param>
    /// <param name="symbols">Names the functions that make ultracalls, or null.</param>
    public EventTrace(Stream stream, UltravisorModel model, ISymbols? symbols = null)
    {
        this.symbols = symbols;
        census = new PageCensus(model);
        writer = new TraceWriter(stream);
        now = model.Ticks;
        foreach (Svm svm in model.Svms)
        {
            Enter(LifeTrack(svm.Lpid), "life", svm.State.ToString());
            writer.Close();
            foreach (PageState state in Enum.GetValues<PageState>())
            {
                if (census.Now(svm.Lpid, state) != 0)
                    Count(svm.Lpid, state);
            }
        }
    }

    /// <summary>Follows what a CPU does from now on.</summary>
    public void Watch(Cpu cpu)
    {
        cpus.Add(new CpuSpan(cpu, cpu.Activity, cpu.State->Spr[SprNumber.LPIDR], cpu.Ticks));
        cpu.ActivityChanged += Change;
    }

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        if (happened.Kind != UvEventKind.PageState || !moves.Takes(happened))
            WriteMoves();
        census.Record(happened);
        now = happened.Ticks;
        int lane = lanes.Of(happened);
        switch (happened.Kind)
        {
            case UvEventKind.UltraCallBegun:
                Enter(LaneTrack(happened.Lpid, lane), "ultracall", CallName.Of((UltraCall)happened.Number));
                Describe(happened);
                break;
            case UvEventKind.UltraCall:
                RecordUltraCall(happened, lane);
                break;
            case UvEventKind.ReverseCall:
            case UvEventKind.Reflection:
                Enter(LaneTrack(happened.Lpid, lane), happened.Kind == UvEventKind.ReverseCall ? "reverse hypercall" : "hypercall", CallName.Of((HCall)happened.Number));
                Describe(happened);
                break;
            case UvEventKind.ReverseResult:
                RecordResult(happened, lane, CallName.Of((HCall)happened.Number), "hypercall");
                break;
            case UvEventKind.PageState:
                moves.Add(happened);
                break;
            case UvEventKind.LifeCycle:
                RecordLife(happened);
                break;
            case UvEventKind.Violation:
                writer.Instant(CpuTrack(happened.Cpu), "violation", "violation", now, global: true);
                Describe(happened);
                break;
            default:
                writer.Instant(CpuTrack(happened.Cpu), happened.Kind.ToString(), happened.Text ?? $"{happened.Kind} 0x{happened.Number:x}", now);
                Describe(happened);
                break;
        }
    }

    /// <summary>Ends the trace.</summary>
    public void Dispose()
    {
        WriteMoves();
        foreach (CpuSpan span in cpus)
        {
            span.Cpu.ActivityChanged -= Change;
            now = Math.Max(now, span.Cpu.Ticks);
            WriteSpan(span, span.Cpu.Ticks);
        }

        foreach (TraceTrack track in open.Keys)
            LeaveAll(track, "the trace ended");
        writer.Dispose();
    }

    private void RecordUltraCall(in UvEvent happened, int lane)
    {
        string name = CallName.Of((UltraCall)happened.Number);
        if (lane != CallLanes.None)
        {
            RecordResult(happened, lane, name, "ultracall");
            return;
        }

        var track = new TraceTrack(HypervisorCalls, (HypervisorCalls * TracksOfProcess) + happened.Cpu + 1);
        writer.Name(track, "hypervisor", $"ultracalls, CPU {happened.Cpu}");
        writer.Complete(track, "ultracall", name, now, now);
        DescribeResult(happened);

        // The census forgets the frames of an SVM at this call. Linux makes it for each partition that tried to become one.
        if (happened.Number != (ulong)UltraCall.UV_SVM_TERMINATE || !open.ContainsKey(LifeTrack(happened.Lpid)))
            return;
        foreach (PageState state in Enum.GetValues<PageState>())
            Count(happened.Lpid, state);
    }

    // Ends the span that began with the call. The ultravisor takes no time, so a call that it answers at once has no length; so has one that began before the trace.
    private void RecordResult(in UvEvent happened, int lane, string name, string category)
    {
        TraceTrack track = LaneTrack(happened.Lpid, lane);
        if (open.TryGetValue(track, out Stack<string>? spans) && spans.TryPeek(out string? innermost) && innermost == name)
        {
            spans.Pop();
            writer.End(track, category, name, now);
            writer.Argument("result", UReturn.Text(happened.Result));
            writer.Close();
        }
        else
        {
            writer.Complete(track, category, name, now, now);
            DescribeResult(happened);
        }
    }

    private void RecordLife(in UvEvent happened)
    {
        TraceTrack track = LifeTrack(happened.Lpid);
        string? next = (Occasion)happened.Number switch
        {
            Occasion.SvmStart => nameof(SvmState.Starting),
            Occasion.SvmSecure => nameof(SvmState.Secure),
            Occasion.SvmAbort => nameof(SvmState.Aborting),
            Occasion.SvmKill => nameof(SvmState.Dead),
            _ => null,
        };
        if (next is null && (Occasion)happened.Number != Occasion.SvmTerminate)
        {
            writer.Instant(track, "remark", happened.Text ?? "", now);
            writer.Close();
            return;
        }

        LeaveAll(track, happened.Text ?? "");
        if (next is not null)
        {
            Enter(track, "life", next);
            writer.Argument("text", happened.Text ?? "");
            writer.Close();
            return;
        }

        // Calls that the hypervisor had not answered never will be.
        foreach (TraceTrack other in open.Keys.Where(other => other.Process == track.Process))
            LeaveAll(other, happened.Text ?? "");
    }

    private void Enter(TraceTrack track, string category, string name)
    {
        if (!open.TryGetValue(track, out Stack<string>? spans))
            open[track] = spans = [];
        spans.Push(name);
        writer.Begin(track, category, name, now);
    }

    private void LeaveAll(TraceTrack track, string reason)
    {
        if (!open.TryGetValue(track, out Stack<string>? spans))
            return;
        while (spans.TryPop(out string? name))
        {
            writer.End(track, "end", name, now);
            writer.Argument("ended", reason);
            writer.Close();
        }
    }

    private void Describe(in UvEvent happened)
    {
        foreach ((string name, string value) in EventText.ArgumentsOf(happened))
            writer.Argument(name, value);
        writer.Argument("instruction", happened.Instruction);
        if (happened.Site.Function(symbols) is { } function)
            writer.Argument("caller", function);
        if (happened.Kind == UvEventKind.Violation)
            writer.Argument("text", EventText.Format(happened, symbols));
        writer.Close();
    }

    private void DescribeResult(in UvEvent happened)
    {
        writer.Argument("result", UReturn.Text(happened.Result));
        Describe(happened);
    }

    private void Change(Cpu cpu)
    {
        CpuSpan span = cpus.Find(one => ReferenceEquals(one.Cpu, cpu))!;
        WriteSpan(span, cpu.Ticks);
        (span.Activity, span.Lpid, span.Since) = (cpu.Activity, cpu.State->Spr[SprNumber.LPIDR], cpu.Ticks);
    }

    private void WriteSpan(CpuSpan span, ulong until)
    {
        if (span.Since == until && span.Activity != Activity.Ultravisor)
            return;
        (string name, string colour) = span.Activity switch
        {
            Activity.Hypervisor => ("hypervisor", "thread_state_runnable"),
            Activity.Guest => ($"guest {span.Lpid}", "yellow"),
            Activity.SecureGuest => ($"secure guest {span.Lpid}", "good"),
            Activity.Ultravisor => ("ultravisor", "terrible"),
            _ => ("stopped", "grey"),
        };
        TraceTrack track = span.Activity == Activity.Ultravisor ? UltravisorTrack((int)span.Cpu.Pir) : CpuTrack((int)span.Cpu.Pir);
        writer.Complete(track, "CPU", name, span.Since, until, colour);
        writer.Close();
    }

    private TraceTrack CpuTrack(int cpu)
    {
        const int Devices = TracksOfProcess - 1;
        var track = new TraceTrack(Machine, (Machine * TracksOfProcess) + (cpu < 0 ? Devices : (2 * cpu) + 1));
        writer.Name(track, "machine", cpu < 0 ? "devices" : $"CPU {cpu}");
        return track;
    }

    // On a line of its own: a model takes no time, and marks without length on the CPU's would be hidden by what comes next.
    private TraceTrack UltravisorTrack(int cpu)
    {
        TraceTrack beside = CpuTrack(cpu);
        TraceTrack track = beside with { Thread = beside.Thread + 1 };
        writer.Name(track, "machine", $"CPU {cpu}, ultravisor");
        return track;
    }

    private TraceTrack LifeTrack(ulong lpid) => Track(lpid, Life, "life");

    private TraceTrack LaneTrack(ulong lpid, int lane) =>
        lane == CallLanes.None ? Track(lpid, FirstLane - 1, "answered at once") : Track(lpid, FirstLane + lane, lane == 0 ? "calls" : $"calls of another guest CPU, {lane}");

    private TraceTrack Track(ulong lpid, int thread, string name)
    {
        long process = FirstPartition + (long)lpid;
        var track = new TraceTrack(process, (process * TracksOfProcess) + thread);
        writer.Name(track, $"SVM, partition {lpid}", name);
        return track;
    }

    // Changes of one kind at one moment, as at the end of a share of many pages, are one event.
    private void WriteMoves()
    {
        if (moves.Count == 0)
            return;
        string many = moves.Count == 1 ? "" : $"{moves.Count} pages: ";
        writer.Instant(Track(moves.Lpid, PageChanges, "page states"), "page state", $"{many}{moves.From} to {moves.To}", moves.Ticks);
        writer.Argument("first gpa", $"0x{moves.First:x}");
        writer.Argument("last gpa", $"0x{moves.Last:x}");
        writer.Close();
        Count(moves.Lpid, moves.From);
        Count(moves.Lpid, moves.To);
        moves = default;
    }

    // Each state is a counter of its own: viewers draw those of one counter on top of each other. SECURE is left out: nearly all frames are, and begin so.
    private void Count(ulong lpid, PageState state)
    {
        if (state == PageState.SECURE || !census.WasSeen(state))
            return;
        writer.Counter(LifeTrack(lpid), $"pages {state}", now);
        writer.Argument("pages", census.Now(lpid, state));
        writer.Close();
    }

    private sealed class CpuSpan(Cpu cpu, Activity activity, ulong lpid, ulong since)
    {
        public Cpu Cpu { get; } = cpu;

        public Activity Activity { get; set; } = activity;

        public ulong Lpid { get; set; } = lpid;

        public ulong Since { get; set; } = since;
    }
}
