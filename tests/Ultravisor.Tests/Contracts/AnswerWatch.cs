using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Contracts;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Contracts;

/// <summary>No ultracall answers what its contract does not declare.</summary>
internal sealed class AnswerWatch : IUltravisorEvents
{
    private static readonly HashSet<(ulong, long)> Declared =
        [.. ContractBook.Calls.Where(contract => !contract.Call.IsHypercall).SelectMany(contract => contract.Answers.Select(answer => (contract.Call.Number, answer.Code)))];

    public void Record(in UvEvent happened)
    {
        if (happened.Kind != UvEventKind.UltraCall || Declared.Contains((happened.Number, happened.Result)))
            return;
        if (Enum.IsDefined((UltraCall)happened.Number) || happened.Result != UReturn.U_FUNCTION)
            throw new BrokenPropertyException("declared answers", EventText.Format(happened));
    }
}
