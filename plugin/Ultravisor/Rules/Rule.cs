using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Fault injection: at a matching call either answers a code without doing it, or makes the ultravisor call the hypervisor first.
/// Text form in <see cref="RuleParser"/>.
/// </summary>
public sealed class Rule : Trigger
{
    /// <summary>Code to answer, or null.</summary>
    public long? Return { get; init; }

    /// <summary>Call of the hypervisor to make, or null.</summary>
    public HCall? Hypercall { get; init; }

    /// <summary>Its arguments.</summary>
    public ulong[] HypercallArguments { get; init; } = [];

    /// <summary>Whether its gpa is the frame that the call is about, or the first of those: <c>gpa=call</c>.</summary>
    public bool GpaOfCall { get; init; }

    /// <summary>What the hypervisor last answered to <see cref="Hypercall"/>.</summary>
    public long? HypercallResult { get; internal set; }

    /// <summary>The arguments for a call about some frames.</summary>
    internal ulong[] ArgumentsAt(FrameSpan? frames)
    {
        if (!GpaOfCall)
            return HypercallArguments;
        ulong[] arguments = [.. HypercallArguments];
        arguments[Array.IndexOf(CallNames.Of(Hypercall!.Value), RuleParser.Gpa)] = (Gfn ?? frames?.First ?? 0) * SecureHeap.FrameSize;
        return arguments;
    }

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Text);
        writer.Write(Seen);
        writer.Write(Acted);
        writer.Write(HypercallResult);
    }

    internal static Rule Load(SnapshotReader reader)
    {
        Rule rule = Parse(reader);
        rule.Seen = reader.ReadInt64();
        rule.Acted = reader.ReadInt64();
        rule.HypercallResult = (long?)reader.ReadOptional();
        return rule;
    }

    private static Rule Parse(SnapshotReader reader)
    {
        try
        {
            return RuleParser.Parse(reader.ReadText() ?? "");
        }
        catch (FormatException problem)
        {
            throw reader.Problem(problem.Message);
        }
    }
}
