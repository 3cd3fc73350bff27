using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The SVM takes shared frames back; they become zero. Frames that are secure keep their content.")]
[Answer(UReturn.U_P2, "the range is not in slots, one of the pages is neither secure nor shared by the guest, or the hypervisor refuses one: that page and those behind it stay shared")]
[Within(nameof(HCall.H_SVM_PAGE_IN), "for each shared page")]
[Linux("arch/powerpc/platforms/pseries/svm.c", "set_memory_encrypted", "makes it")]
[Linux("arch/powerpc/sysdev/xive/spapr.c", "xive_spapr_cleanup_queue", "makes it")]
internal sealed class UvUnsharePage : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_UNSHARE_PAGE;

    public override Caller Caller => Caller.SecureGuest;

    public override string[] Arguments { get; } = ["gfn", "count"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        Svm svm = uv.FindSvm(frame.Lpid)!;
        (ulong gfn, ulong count) = (frame[0], frame[1]);
        if (!FrameRange.IsCovered(svm, gfn, count))
            return UReturn.U_P2;
        var shared = new List<ulong>();
        foreach (ulong gpa in FrameRange.Frames(gfn, count))
        {
            switch (svm.Frame(gpa).State)
            {
                case PageState.SECURE:
                case PageState.PAGEDOUT:
                    break;
                case PageState.SHARED:
                case PageState.SHARED_INV:
                    shared.Add(gpa);
                    break;
                default:
                    return UReturn.U_P2;
            }
        }

        uv.Begin(frame, svm, Number, new Unshare(shared));
        return CallResult.Switched;
    }
}
