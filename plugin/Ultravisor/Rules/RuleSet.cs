using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>The rules of a machine.</summary>
public sealed class RuleSet() : TriggerSet<Rule>("rule")
{
    private const string SnapshotTag = "rules";

    /// <summary>Adds a rule from its text.</summary>
    /// <exception cref="FormatException">The text is no rule; the message says what would be right.</exception>
    public Rule Add(string text)
    {
        Rule rule = RuleParser.Parse(text);
        Add(rule);
        return rule;
    }

    /// <summary>Makes the next calls of a name fail: the rule <c>NAME count=COUNT return=CODE</c>.</summary>
    /// <param name="name">Ultracall or hypercall, by name or number.</param>
    /// <param name="code">What its caller gets, a number or a name of <see cref="UReturn"/>.</param>
    /// <param name="count">How many calls; 0 means all from now on.</param>
    /// <exception cref="FormatException">A name or code is not known.</exception>
    /// <exception cref="RequestException">The count is negative.</exception>
    public Rule FailUltracall(string name, string code, long count = 1)
    {
        if (count < 0)
            throw new RequestException($"count {count} is not possible: expected how many calls shall fail, or 0 for all");
        return Add($"{name} {(count == 0 ? "nth=every" : $"count={count}")} return={code}");
    }

    /// <summary>Counts a call and returns the rule that acts on it, or null.</summary>
    internal Rule? Match(bool isHypercall, ulong call, ulong lpid, FrameSpan? frames) =>
        All.Count == 0 ? null : Match(isHypercall ? Occasion.Hypercall : Occasion.UltraCall, call, lpid, frames);

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(All.Count);
        foreach (Rule rule in All)
            rule.Save(writer);
        writer.End();
    }

    internal void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            Add(Rule.Load(reader));
        reader.End();
    }

    /// <summary>Number of a rule, for an operation to name it.</summary>
    internal int IndexOf(Rule rule) => All.ToList().IndexOf(rule);
}
