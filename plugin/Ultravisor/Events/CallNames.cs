using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Names of the arguments of hypervisor calls that the ultravisor makes, for logs and rules.</summary>
internal static class CallNames
{
    private static readonly string[] Page = ["gpa", "flags", "order"];

    private static readonly Dictionary<HCall, string[]> Arguments = new()
    {
        [HCall.H_SVM_PAGE_IN] = Page,
        [HCall.H_SVM_PAGE_OUT] = Page,
        [HCall.H_SVM_INIT_START] = [],
        [HCall.H_SVM_INIT_DONE] = [],
        [HCall.H_SVM_INIT_ABORT] = [],
        [HCall.H_SVM_TPM_COMM] = ["operation", "in", "inlength", "out", "outlength"],
        [HCall.H_RTAS] = ["args"],
        [HCall.H_LOGICAL_CI_LOAD] = ["size", "address"],
        [HCall.H_LOGICAL_CI_STORE] = ["size", "address", "value"],
        [HCall.H_CEDE] = [],
    };

    /// <summary>Argument names, or R4, R5 … as many as the call has.</summary>
    public static string[] Of(HCall call)
    {
        if (Arguments.TryGetValue(call, out string[]? names))
            return names;
        int count = HCallShape.Of(call)?.Inputs ?? 0;
        return [.. Enumerable.Range(4, count).Select(register => $"r{register}")];
    }

    /// <summary>Calls whose arguments have names, which rules may make.</summary>
    public static IEnumerable<HCall> Named => Arguments.Keys;
}
