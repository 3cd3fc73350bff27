using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Page states that changed in the same way at the same time.</summary>
internal struct PageMoves
{
    public long Count { get; private set; }

    public ulong Ticks { get; private set; }

    public ulong Lpid { get; private set; }

    public PageState From { get; private set; }

    public PageState To { get; private set; }

    /// <summary>Address of the frame that changed first.</summary>
    public ulong First { get; private set; }

    public ulong Last { get; private set; }

    /// <summary>Whether a change is of the same kind and time.</summary>
    public readonly bool Takes(in UvEvent change) =>
        Count == 0 || (change.Ticks == Ticks && change.Lpid == Lpid && change.From == From && change.To == To);

    public void Add(in UvEvent change)
    {
        if (Count++ == 0)
            (Ticks, Lpid, From, To, First) = (change.Ticks, change.Lpid, change.From, change.To, change.Args[0]);
        Last = change.Args[0];
    }
}
