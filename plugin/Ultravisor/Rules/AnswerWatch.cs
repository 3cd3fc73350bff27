using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Waits for the answer to a call, as events tell it: <c>CALL [cpu=N] [nth=N] [gfn=N] [lpid=N]</c>, the words of a break and the CPU that made the call,
/// numbered as in the log. A hypercall's answer is the hypervisor's.
/// </summary>
public sealed class AnswerWatch
{
    private readonly Break trigger;
    private readonly ulong? cpu;

    // What each CPU last asked the hypervisor: answers do not repeat it.
    private readonly Dictionary<int, FrameSpan?> asked = [];

    private AnswerWatch(Break trigger, ulong? cpu)
    {
        this.trigger = trigger;
        this.cpu = cpu;
    }

    /// <summary>Parses one.</summary>
    /// <exception cref="FormatException">The text is none; the message says what would be right.</exception>
    public static AnswerWatch Parse(string text)
    {
        var clause = new Clause("event", text, "CALL [cpu=N] [nth=N] [gfn=N] [lpid=N]");
        if (!clause.IsCall)
            throw clause.Error("expected a call, whose answer is waited for");
        (long nth, _) = clause.TakeOccurrences(withoutNth: true);
        ulong? cpu = clause.TakeNumber("cpu");
        var trigger = new Break
        {
            Occasion = clause.Occasion,
            Call = clause.Call,
            Nth = nth,
            Gfn = clause.TakeFrame(),
            Lpid = clause.TakeNumber("lpid"),
        };
        clause.End("cpu, nth, gfn, gpa or lpid");
        return new AnswerWatch(trigger, cpu);
    }

    /// <summary>Counts from the beginning again.</summary>
    public void Restart() => trigger.Seen = 0;

    /// <summary>Whether an event is the answer that is waited for. Has to be shown all events.</summary>
    public bool Sees(in UvEvent happened)
    {
        switch (happened.Kind)
        {
            case UvEventKind.UltraCall:
                return IsOf(happened) && trigger.Sees(Occasion.UltraCall, happened.Number, happened.Lpid, UltravisorModel.FramesOf(happened));
            case UvEventKind.ReverseCall:
            case UvEventKind.Reflection:
                asked[happened.Cpu] = UltravisorModel.FramesOf(happened);
                return false;
            case UvEventKind.ReverseResult:
                return IsOf(happened) && trigger.Sees(Occasion.Hypercall, happened.Number, happened.Lpid, asked.GetValueOrDefault(happened.Cpu));
            default:
                return false;
        }
    }

    private bool IsOf(in UvEvent happened) => cpu is not { } number || number == (ulong)happened.Cpu;
}
