namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>The rules of a machine.</summary>
public sealed class RuleSet
{
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
}
