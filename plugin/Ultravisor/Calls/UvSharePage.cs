using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>The SVM shares frames with the hypervisor; they become zero.</summary>
internal sealed class UvSharePage : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_SHARE_PAGE;

    public override Caller Caller => Caller.SecureGuest;

    public override string[] Arguments { get; } = ["gfn", "count"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        Svm svm = uv.FindSvm(frame.Lpid)!;
        (ulong gfn, ulong count) = (frame[0], frame[1]);
        if (!FrameRange.IsCovered(svm, gfn, count))
            return UReturn.U_P2;
        uv.Begin(frame, svm, Number, new Share(gfn * SecureHeap.FrameSize, count, PageState.SHARED));
        return CallResult.Switched;
    }
}
