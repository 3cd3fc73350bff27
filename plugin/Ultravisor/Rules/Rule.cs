using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Fault injection: at the nth matching call either answers a code without doing it, or makes the ultravisor call the hypervisor first.
/// Text form in <see cref="RuleParser"/>.
/// </summary>
public sealed class Rule
{
    private const int MaximumArguments = 9;

    /// <summary>The text it was made of.</summary>
    public required string Text { get; init; }

    /// <summary>Number of the ultracall or hypercall it waits for.</summary>
    public required ulong Call { get; init; }

    /// <summary>Whether <see cref="Call"/> is a hypercall of an SVM.</summary>
    public required bool IsHypercall { get; init; }

    /// <summary>Which occurrence, from 1; 0 means each.</summary>
    public long Nth { get; init; } = 1;

    /// <summary>Only calls about this 64 KiB frame, or null.</summary>
    public ulong? Gfn { get; init; }

    /// <summary>Only calls about this partition, or null.</summary>
    public ulong? Lpid { get; init; }

    /// <summary>Code to answer, or null.</summary>
    public long? Return { get; init; }

    /// <summary>Call of the hypervisor to make, or null.</summary>
    public HCall? Hypercall { get; init; }

    /// <summary>Its arguments.</summary>
    public ulong[] HypercallArguments { get; init; } = [];

    /// <summary>Matching calls seen.</summary>
    public long Seen { get; internal set; }

    /// <summary>Times it acted.</summary>
    public long Acted { get; internal set; }

    /// <summary>What the hypervisor last answered to <see cref="Hypercall"/>.</summary>
    public long? HypercallResult { get; internal set; }

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Text);
        writer.Write(Call);
        writer.Write(IsHypercall);
        writer.Write(Nth);
        writer.Write(Gfn);
        writer.Write(Lpid);
        writer.Write(Return);
        writer.Write((ulong?)Hypercall);
        writer.Write(HypercallArguments.Length);
        writer.WriteAll(HypercallArguments);
        writer.Write(Seen);
        writer.Write(Acted);
        writer.Write(HypercallResult);
    }

    internal static Rule Load(SnapshotReader reader)
    {
        var rule = new Rule
        {
            Text = reader.ReadText() ?? "",
            Call = reader.ReadUInt64(),
            IsHypercall = reader.ReadBool(),
            Nth = reader.ReadInt64(),
            Gfn = reader.ReadOptional(),
            Lpid = reader.ReadOptional(),
            Return = (long?)reader.ReadOptional(),
            Hypercall = (HCall?)reader.ReadOptional(),
            HypercallArguments = new ulong[reader.ReadCount(MaximumArguments, sizeof(ulong))],
        };
        reader.ReadAll(rule.HypercallArguments);
        rule.Seen = reader.ReadInt64();
        rule.Acted = reader.ReadInt64();
        rule.HypercallResult = (long?)reader.ReadOptional();
        return rule;
    }
}
