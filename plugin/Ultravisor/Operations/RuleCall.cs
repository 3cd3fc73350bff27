using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Makes the hypervisor call that a rule of fault injection asks for and notes the answer.</summary>
internal sealed class RuleCall(Rule rule) : Operation
{
    private bool asked;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        if (!asked)
        {
            asked = true;
            return Step.Call(rule.Hypercall!.Value, rule.HypercallArguments);
        }

        rule.HypercallResult = answer.Result;
        uv.RecordRule(rule);
        return Step.Finished(answer.Result);
    }
}
