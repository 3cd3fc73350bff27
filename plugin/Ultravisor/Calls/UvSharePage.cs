using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The SVM shares frames with the hypervisor; they become zero.")]
[Answer(UReturn.U_P2, "the range is not in slots, another CPU of the guest works on one of the pages, or the hypervisor refuses one: all stay as they were")]
[Within(nameof(HCall.H_SVM_PAGE_IN), "with flag 1 for each page; without, first, for one that is paged out, and to hand back what was given if a later one is refused")]
[Linux("arch/powerpc/platforms/pseries/svm.c", "set_memory_decrypted", "makes it for swiotlb")]
[Linux("arch/powerpc/kernel/paca.c", "alloc_shared_lppaca", "makes it for lppacas")]
[Linux("arch/powerpc/platforms/pseries/svm.c", "dtl_cache_ctor", "makes it for dispatch trace logs")]
[Linux("arch/powerpc/sysdev/xive/spapr.c", "xive_spapr_configure_queue", "makes it for event queues")]
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
