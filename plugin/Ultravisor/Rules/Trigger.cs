namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>What rules and breaks have in common: the moment they wait for, and how many of those they have seen. Text form in <see cref="RuleParser"/>.</summary>
public abstract class Trigger
{
    /// <summary>Its text, in the form that <see cref="RuleParser.Format"/> gives.</summary>
    public string Text => RuleParser.Format(this);

    /// <summary>What it waits for.</summary>
    public required Occasion Occasion { get; init; }

    /// <summary>Number of the ultracall or hypercall; 0 for other occasions.</summary>
    public required ulong Call { get; init; }

    /// <summary>Whether <see cref="Call"/> is a hypercall.</summary>
    public bool IsHypercall => Occasion == Occasion.Hypercall;

    /// <summary>The first occurrence it acts on, from 1.</summary>
    public long Nth { get; init; } = 1;

    /// <summary>On how many occurrences it acts, or null: on all from <see cref="Nth"/>.</summary>
    public long? Count { get; init; }

    /// <summary>Only calls about this 64 KiB frame, or null.</summary>
    public ulong? Gfn { get; init; }

    /// <summary>Only calls about this partition, or null.</summary>
    public ulong? Lpid { get; init; }

    /// <summary>Matching occurrences seen.</summary>
    public long Seen { get; internal set; }

    /// <summary>Times it acted.</summary>
    public long Acted { get; internal set; }

    /// <summary>Counts an occurrence if it is one, and says whether to act on it.</summary>
    internal bool Sees(Occasion occasion, ulong call, ulong lpid, FrameSpan? frames)
    {
        if (Occasion != occasion || Call != call || (Lpid is { } wantedLpid && wantedLpid != lpid))
            return false;
        if (Gfn is { } wantedFrame && frames?.Contains(wantedFrame) != true)
            return false;
        Seen++;
        return Seen >= Nth && (Count is not { } count || Seen - Nth < count);
    }
}
