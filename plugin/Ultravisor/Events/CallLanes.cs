using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>
/// Finds the call of a guest CPU within which the hypervisor makes an ultracall: the one that its CPU was last entered with, while it is not answered and is of the
/// same partition. A hypervisor that did something else meanwhile on that CPU is not told apart.
/// </summary>
internal sealed class CallLanes
{
    /// <summary>Of no guest CPU.</summary>
    public const int None = -1;

    private readonly Dictionary<int, (ulong Lpid, int Lane)> lastOn = [];
    private readonly HashSet<(ulong Lpid, int Lane)> unanswered = [];

    /// <summary>The lane of an event; to be called for each in its order.</summary>
    public int Of(in UvEvent happened)
    {
        switch (happened.Kind)
        {
            case UvEventKind.ReverseCall:
            case UvEventKind.Reflection:
                lastOn[happened.Cpu] = (happened.Lpid, happened.Lane);
                unanswered.Add((happened.Lpid, happened.Lane));
                break;
            case UvEventKind.ReverseResult:
                unanswered.Remove((happened.Lpid, happened.Lane));
                break;
            case UvEventKind.LifeCycle when happened.Number == (ulong)Occasion.SvmTerminate:
                ulong lpid = happened.Lpid;
                unanswered.RemoveWhere(call => call.Lpid == lpid);
                break;
            case UvEventKind.UltraCall when happened.Lane == None:
                if (lastOn.TryGetValue(happened.Cpu, out (ulong Lpid, int Lane) last) && last.Lpid == happened.Lpid && unanswered.Contains(last))
                    return last.Lane;
                break;
        }

        return happened.Lane;
    }
}
