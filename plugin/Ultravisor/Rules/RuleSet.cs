using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>The rules of a machine.</summary>
public sealed class RuleSet
{
    private const string SnapshotTag = "rules";

    private readonly List<Rule> rules = [];

    /// <summary>All rules with their outcome.</summary>
    public IReadOnlyList<Rule> All => rules;

    /// <summary>Adds a rule.</summary>
    public void Add(Rule rule) => rules.Add(rule);

    /// <summary>Counts a call and returns the rule that acts on it, or null.</summary>
    internal Rule? Match(bool isHypercall, ulong call, ulong lpid, ulong? gfn)
    {
        Rule? acting = null;
        foreach (Rule rule in rules)
        {
            if (rule.IsHypercall != isHypercall || rule.Call != call)
                continue;
            if ((rule.Lpid is { } wantedLpid && wantedLpid != lpid) || (rule.Gfn is { } wantedGfn && wantedGfn != gfn))
                continue;
            rule.Seen++;
            if (acting is null && (rule.Nth == 0 || rule.Seen == rule.Nth))
                acting = rule;
        }

        if (acting is not null)
            acting.Acted++;
        return acting;
    }

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(rules.Count);
        foreach (Rule rule in rules)
            rule.Save(writer);
        writer.End();
    }

    internal void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        rules.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            rules.Add(Rule.Load(reader));
        reader.End();
    }

    /// <summary>Number of a rule, for an operation to name it.</summary>
    internal int IndexOf(Rule rule) => rules.IndexOf(rule);
}
