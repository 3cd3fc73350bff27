using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Makes the hypervisor call that a rule of fault injection asks for and notes the answer. Before one of the ultravisor's own calls it then makes that one,
/// whose answer is the result. Rules do not see what it calls.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="arguments">Arguments of its call.</param>
/// <param name="then">The ultravisor's own call, or null.</param>
internal sealed class RuleCall(Rule rule, ulong[] arguments, Step? then) : Operation
{
    private Stage stage;

    private enum Stage
    {
        Begun,
        Asked,
        Repeated,
    }

    public override OperationKind Kind => OperationKind.RuleCall;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        switch (stage)
        {
            case Stage.Begun:
                stage = Stage.Asked;
                return Step.Call(rule.Hypercall!.Value, arguments);
            case Stage.Asked:
                rule.HypercallResult = answer.Result;
                uv.RecordRule(rule, context.Svm.Lpid);
                if (then is not { } own)
                    break;
                stage = Stage.Repeated;
                return own;
        }

        return Step.Finished(answer.Result);
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        int index = uv.Rules.IndexOf(rule);
        writer.Write(index);
        if (index < 0)
            rule.Save(writer);
        writer.Write((long)stage);
        writer.Write(then is not null);
        if (then is { } own)
        {
            writer.Write((long)own.Number);
            OperationSnapshot.Write(writer, own.Arguments);
        }
    }

    // A rule that was taken out of the set meanwhile comes along by itself. A snapshot is taken after the question: its arguments are not needed again.
    public static RuleCall Load(UltravisorModel uv, SnapshotReader reader)
    {
        int index = reader.ReadInt32();
        if (index >= uv.Rules.All.Count)
            throw reader.Problem($"there is no rule {index}");
        Rule rule = index < 0 ? Rule.Load(reader) : uv.Rules.All[index];
        if (rule.Hypercall is null)
            throw reader.Problem($"rule {rule.Text} calls nobody");
        Stage stage = reader.ReadEnum<Stage>();
        Step? then = reader.ReadBool() ? Step.Call((HCall)reader.ReadUInt64(), [.. OperationSnapshot.ReadAddresses(reader)]) : null;
        return new RuleCall(rule, [], then) { stage = stage };
    }
}
