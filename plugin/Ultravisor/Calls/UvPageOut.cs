using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor wants the content of a frame, encrypted.")]
[Answer(UReturn.U_P5, "order is not 16")]
[Answer(UReturn.U_P2, "ra is no 64 KiB page of normal memory")]
[Answer(UReturn.U_PARAMETER, "lpid is no SVM, or the page is not SECURE")]
[Answer(UReturn.U_P3, "gpa is no page in a slot")]
[Answer(UReturn.U_RETRY, "an unshare is under way, or no secure memory is left")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "__kvmppc_svm_page_out", "makes it: the host touches a secure page, or UV_ESM is aborted")]
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
