using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>The hypervisor wants the content of a frame, encrypted.</summary>
internal sealed class UvPageOut : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_PAGE_OUT;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "ra", "gpa", "flags", "order"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        (ulong target, ulong gpa) = (frame[1], frame[2]);
        if (frame[4] != PageCall.Order)
            return UReturn.U_P5;
        if (!PageChecks.IsNormalPage(uv, target))
            return UReturn.U_P2;
        if (uv.FindSvm(frame[0]) is not { } svm)
            return UReturn.U_PARAMETER;
        return PageChecks.IsFrame(svm, gpa) ? uv.Pages.PageOut(svm, gpa, target) : UReturn.U_P3;
    }
}
