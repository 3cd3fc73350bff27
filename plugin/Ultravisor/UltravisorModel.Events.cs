using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>Counters, which are always on, and events, which cost one branch while nobody takes them.</summary>
public sealed unsafe partial class UltravisorModel
{
    private const int MaximumCounters = 255;
    private const int NoLane = -1;

    private readonly SortedDictionary<ulong, CallCounter> ultraCalls = [];
    private readonly SortedDictionary<ulong, CallCounter> reverseCalls = [];
    private readonly SortedDictionary<ulong, CallCounter> guestCalls = [];

    /// <summary>Who takes events.</summary>
    public EventFan Events { get; } = new();

    /// <summary>Ultracalls by number.</summary>
    public IEnumerable<CallCounter> UltraCallCounters => ultraCalls.Values;

    /// <summary>Calls of the hypervisor that the ultravisor made, by number.</summary>
    public IEnumerable<CallCounter> ReverseCallCounters => reverseCalls.Values;

    /// <summary>Hypercalls of SVMs, by number.</summary>
    public IEnumerable<CallCounter> GuestCallCounters => guestCalls.Values;

    /// <summary>Interrupts of SVMs that went to the hypervisor.</summary>
    public long ReflectedInterrupts { get; private set; }

    /// <summary>Puts into the log what a host does to a CPU.</summary>
    /// <param name="cpu">Number of the CPU.</param>
    /// <param name="text">Words for a person.</param>
    public void RecordHost(uint cpu, string text)
    {
        if (Events.IsHeard)
            Raise(threadList.Find(thread => thread.Number == cpu), 0, UvEventKind.Host, text: text);
    }

    internal void RecordRule(Rule rule, ulong lpid)
    {
        if (!Events.IsHeard)
            return;
        string outcome = rule.Return is { } code ? $"answered {UReturn.Text(code)}" : $"{rule.Hypercall} = {UReturn.Text(rule.HypercallResult ?? 0)}";
        Raise(current, lpid, UvEventKind.Rule, text: $"{rule.Text}: {outcome}");
    }

    private static void Count(SortedDictionary<ulong, CallCounter> counters, ulong number, string name, long result)
    {
        if (!counters.TryGetValue(number, out CallCounter? counter))
        {
            // Any program may make up numbers: after so many the rest share a counter.
            (ulong key, string text) = counters.Count < MaximumCounters ? (number, name) : (ulong.MaxValue, "other numbers");
            if (!counters.TryGetValue(key, out counter))
                counters[key] = counter = new CallCounter(text);
        }

        counter.Count++;
        if (result != 0)
            counter.Failures++;
    }

    private void RecordUltraCall(IThread thread, ulong lpid, ulong number, in CallArguments arguments, long result, in CallSite site, int lane = NoLane)
    {
        Count(ultraCalls, number, CallName.Of((UltraCall)number), result);
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.UltraCall, number, arguments, result, site: site, lane: lane);
    }

    private void RecordUltraCallBegun(IThread thread, UvContext context)
    {
        if (Events.IsHeard)
            Raise(thread, context.Svm.Lpid, UvEventKind.UltraCallBegun, (ulong)context.PendingCall!.Value, context.PendingArguments, site: context.PendingSite, lane: context.Index);
    }

    private void RecordReverseCall(IThread thread, ulong lpid, HCall number, ReadOnlySpan<ulong> arguments, int lane)
    {
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.ReverseCall, (ulong)number, Pack(arguments), lane: lane);
    }

    private void CountReverseCall(HCall number) => Count(reverseCalls, (ulong)number, number.ToString(), UReturn.U_SUCCESS);

    private void RecordReverseResult(IThread thread, ulong lpid, HCall number, bool own, long result, int lane)
    {
        Count(own ? reverseCalls : guestCalls, (ulong)number, number.ToString(), result);
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.ReverseResult, (ulong)number, result: result, lane: lane);
    }

    private void RecordReflection(IThread thread, ulong lpid, HCall number, ReadOnlySpan<ulong> arguments, int lane)
    {
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.Reflection, (ulong)number, Pack(arguments), lane: lane);
    }

    private void RecordRefusedHypercall(IThread thread, ulong lpid, HCall number)
    {
        Count(guestCalls, (ulong)number, CallName.Of(number), UReturn.U_FUNCTION);
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.ReverseResult, (ulong)number, result: UReturn.U_FUNCTION);
    }

    private void RecordInterrupt(IThread thread, ulong lpid, Vector vector)
    {
        ReflectedInterrupts++;
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.Interrupt, (ulong)vector);
    }

    private void RecordInjection(IThread thread, ulong lpid, ulong address)
    {
        if (Events.IsHeard)
            Raise(thread, lpid, UvEventKind.Injection, address);
    }

    private void RecordLifeCycle(Occasion occasion, ulong lpid, string text)
    {
        if (Events.IsHeard)
            Raise(current, lpid, UvEventKind.LifeCycle, (ulong)occasion, text: text);
        BreakAtLifeCycle(occasion, lpid);
    }

    private void RecordNote(ulong lpid, string text)
    {
        if (Events.IsHeard)
            Raise(current, lpid, UvEventKind.LifeCycle, text: text);
    }

    private void RecordPageState(Svm svm, ulong gpa, PageState from, PageState to)
    {
        if (!Events.IsHeard)
            return;
        UvEvent happened = New(current, svm.Lpid, UvEventKind.PageState);
        happened.Args[0] = gpa;
        happened.From = from;
        happened.To = to;
        Events.Record(happened);
    }

    private void RecordViolation(SecureViolation violation)
    {
        IThread? thread = threadList.Find(t => t.Number == (uint)violation.Initiator);
        if (Events.IsHeard)
        {
            UvEvent happened = New(thread, 0, UvEventKind.Violation);
            happened.Cpu = violation.Initiator;
            happened.Args[0] = violation.Real;
            happened.Args[1] = violation.InstructionAddress;
            happened.Site = CallSite.Of(violation);
            happened.Text = EventText.ViolationKind(violation);
            Events.Record(happened);
        }

        BreakAtViolation(thread, violation);
    }

    private void Raise(IThread? thread, ulong lpid, UvEventKind kind, ulong number = 0, in CallArguments arguments = default, long result = 0, string? text = null, CallSite? site = null, int lane = NoLane)
    {
        UvEvent happened = New(thread, lpid, kind);
        happened.Lane = lane;
        happened.Number = number;
        happened.Args = arguments;
        happened.Result = result;
        happened.Text = text;
        happened.Site = site ?? CallSite.None;
        Events.Record(happened);
    }

    private UvEvent New(IThread? thread, ulong lpid, UvEventKind kind) => new()
    {
        Instruction = thread is null ? 0 : thread.State->Executed,
        Ticks = (thread ?? threadList.FirstOrDefault())?.Ticks ?? 0,
        Cpu = thread is null ? -1 : (int)thread.Number,
        Lpid = lpid,
        Lane = NoLane,
        Kind = kind,
    };

    private static CallArguments Pack(ReadOnlySpan<ulong> arguments)
    {
        CallArguments packed = default;
        for (int n = 0; n < arguments.Length; n++)
            packed[n] = arguments[n];
        return packed;
    }
}
