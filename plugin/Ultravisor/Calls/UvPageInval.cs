using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>The hypervisor's page behind a shared frame is gone.</summary>
internal sealed class UvPageInval : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_PAGE_INVAL;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "gpa", "order"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        ulong gpa = frame[1];
        if (frame[2] != PageCall.Order)
            return UReturn.U_P3;
        if (uv.FindSvm(frame[0]) is not { } svm)
            return UReturn.U_PARAMETER;
        if (svm.State == SvmState.Aborting)
            return UReturn.U_STATE;
        return PageChecks.IsFrame(svm, gpa) ? uv.Pages.Invalidate(svm, gpa) : UReturn.U_P3;
    }
}
