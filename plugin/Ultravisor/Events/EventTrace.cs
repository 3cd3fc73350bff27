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
    private const int Machine = 1;
    private const int HypervisorCalls = 2;
    private const int FirstPartition = 10;
    private const int TracksOfProcess = 1000;
    private const int Life = 1;
    private const int PageChanges = 2;
    private const int FirstLane = 10;

    private readonly TraceWriter writer;
    private readonly PageCensus census;
    private readonly CallLanes lanes = new();
    private readonly ISymbols? symbols;
    private readonly List<CpuSpan> cpus = [];
    private readonly Dictionary<TraceTrack, Stack<string>> open = [];
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
            Count(svm.Lpid);
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
                writer.Instant(Track(happened.Lpid, PageChanges, "page states"), "page state", $"{happened.From} to {happened.To}", now);
                writer.Argument("gpa", $"0x{happened.Args[0]:x}");
                writer.Close();
                Count(happened.Lpid);
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
        if (happened.Number == (ulong)UltraCall.UV_SVM_TERMINATE && open.ContainsKey(LifeTrack(happened.Lpid)))
            Count(happened.Lpid);
    }

    // Ends the span that began with the call. The ultravisor takes no time, so a call that it answers at once has no length; so has one that began before the trace.
    private void RecordResult(in UvEvent happened, int lane, string name, string category)
    {
        TraceTrack track = LaneTrack(happened.Lpid, lane);
        if (open.TryGetValue(track, out Stack<string>? spans) && spans.TryPeek(out string? innermost) && innermost == name)
        {
            spans.Pop();
            writer.End(track, category, name, now);
        }
        else
        {
            writer.Complete(track, category, name, now, now);
        }

        DescribeResult(happened);
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
        writer.Complete(CpuTrack((int)span.Cpu.Pir), "CPU", name, span.Since, until, colour);
        writer.Close();
    }

    private TraceTrack CpuTrack(int cpu)
    {
        const int Devices = TracksOfProcess - 1;
        var track = new TraceTrack(Machine, (Machine * TracksOfProcess) + (cpu < 0 ? Devices : cpu + 1));
        writer.Name(track, "machine", cpu < 0 ? "devices" : $"CPU {cpu}");
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

    // SECURE is left out: nearly all frames are, and the others would not be seen beside them.
    private void Count(ulong lpid)
    {
        writer.Counter(LifeTrack(lpid), "pages", now);
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            if (state != PageState.SECURE && census.WasSeen(state))
                writer.Argument(state.ToString(), census.Now(lpid, state));
        }

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
