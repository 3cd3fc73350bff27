using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Makes the hypervisor call that a rule of fault injection asks for and notes the answer.</summary>
/// <param name="rule">The rule.</param>
/// <param name="frames">What the call that it acts on is about.</param>
internal sealed class RuleCall(Rule rule, FrameSpan? frames) : Operation
{
    private bool asked;

    public override OperationKind Kind => OperationKind.RuleCall;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        if (!asked)
        {
            asked = true;
            return Step.Call(rule.Hypercall!.Value, rule.ArgumentsAt(frames));
        }

        rule.HypercallResult = answer.Result;
        uv.RecordRule(rule, context.Svm.Lpid);
        return Step.Finished(answer.Result);
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        int index = uv.Rules.IndexOf(rule);
        writer.Write(index);
        if (index < 0)
            rule.Save(writer);
        writer.Write(asked);
    }

    // A rule that was taken out of the set meanwhile comes along by itself.
    public static RuleCall Load(UltravisorModel uv, SnapshotReader reader)
    {
        int index = reader.ReadInt32();
        if (index >= uv.Rules.All.Count)
            throw reader.Problem($"there is no rule {index}");
        Rule rule = index < 0 ? Rule.Load(reader) : uv.Rules.All[index];
        if (rule.Hypercall is null)
            throw reader.Problem($"rule {rule.Text} calls nobody");

        // A snapshot is taken after the question: its arguments are not needed again.
        return new RuleCall(rule, null) { asked = reader.ReadBool() };
    }
}
