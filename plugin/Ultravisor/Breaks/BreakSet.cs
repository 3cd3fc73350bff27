using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>
/// The breaks of a machine. They may be changed whenever no CPU runs, and in <see cref="IBreakListener.Hit"/>. A thread that was put back to its ultracall passes when it makes
/// that call again, so a host only has to let it run on. Breaks and who may pass are no state of the machine: snapshots do not hold them.
/// </summary>
public sealed unsafe class BreakSet() : TriggerSet<Break>("break")
{
    private readonly Dictionary<uint, Passing> passing = [];
    private readonly List<BreakHit> noted = [];

    /// <summary>Told of hits. Without one, a CPU that hits a break still returns from its run.</summary>
    public IBreakListener? Listener { get; set; }

    /// <summary>The last hit, or null.</summary>
    public BreakHit? Last { get; private set; }

    /// <summary>Whether an ultracall has to be looked at.</summary>
    internal bool IsWatching => All.Count != 0 || passing.Count != 0;

    /// <summary>Adds a break from its text.</summary>
    /// <exception cref="FormatException">The text is no break; the message says what would be right.</exception>
    public Break Add(string text)
    {
        Break added = RuleParser.ParseBreak(text);
        Add(added);
        return added;
    }

    /// <summary>Counts an occurrence and returns the break that it hits, or null.</summary>
    internal new Break? Match(Occasion occasion, ulong call, ulong lpid, FrameSpan? frames = null) =>
        All.Count == 0 ? null : base.Match(occasion, call, lpid, frames);

    /// <summary>The thread's next ultracall, if it is the one it makes now, is no hit.</summary>
    internal void LetPass(IThread thread, ulong nia) => passing[thread.Number] = Passing.Of(thread.State, nia);

    /// <summary>True, once, if the thread makes the call again that it was put back to.</summary>
    internal bool Passes(IThread thread, ulong nia) =>
        passing.TryGetValue(thread.Number, out Passing call) && call == Passing.Of(thread.State, nia) && passing.Remove(thread.Number);

    /// <summary>Keeps a hit until the thread stands where it goes on.</summary>
    internal void Note(in BreakHit hit) => noted.Add(hit);

    /// <summary>Reports what was noted, now that the thread has left ultravisor state.</summary>
    internal void ReportNoted(IThread thread)
    {
        if (noted.Count == 0)
            return;
        var site = Events.CallSite.Of(thread.State, thread.State->Nia, thread.State->Msr);
        BreakHit[] hits = [.. noted];
        noted.Clear();
        thread.RequestReturn();
        foreach (BreakHit hit in hits)
            Report(hit with { Site = site });
    }

    /// <summary>Tells the host.</summary>
    internal void Report(in BreakHit hit)
    {
        Last = hit;
        Listener?.Hit(hit);
    }

    // What makes a call the same one: a debugger may have moved the thread elsewhere meanwhile.
    private readonly record struct Passing(ulong Nia, ulong Lpid, ulong Stack, ulong Number, ulong First, ulong Second)
    {
        public static Passing Of(CpuState* s, ulong nia) => new(nia, s->Spr[SprNumber.LPIDR], s->Gpr[1], s->Gpr[3], s->Gpr[4], s->Gpr[5]);
    }
}
