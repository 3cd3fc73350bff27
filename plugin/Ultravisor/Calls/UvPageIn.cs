using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>The hypervisor gives a page to a frame.</summary>
internal sealed class UvPageIn : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_PAGE_IN;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "ra", "gpa", "flags", "order"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        (ulong source, ulong gpa) = (frame[1], frame[2]);
        if (frame[4] != PageCall.Order)
            return UReturn.U_P5;
        if (!PageChecks.IsNormalPage(uv, source))
            return UReturn.U_P2;
        if (uv.FindSvm(frame[0]) is not { } svm)
            return UReturn.U_PARAMETER;
        if (svm.State is SvmState.Aborting or SvmState.Dead)
            return UReturn.U_STATE;
        return PageChecks.IsFrame(svm, gpa) ? uv.Pages.PageIn(svm, gpa, source) : UReturn.U_P3;
    }
}
