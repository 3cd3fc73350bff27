using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor gives a page to a frame.")]
[Answer(UReturn.U_P5, "order is not 16")]
[Answer(UReturn.U_P2, "ra is no 64 KiB page of normal memory, or the page needs none: it is SECURE or HV_UNSHARED and UV_ESM is over")]
[Answer(UReturn.U_PARAMETER, "lpid is no SVM")]
[Answer(UReturn.U_STATE, "UV_ESM is being aborted, or the SVM was killed")]
[Answer(UReturn.U_P3, "gpa is no page in a slot, or what ra holds is not what was paged out")]
[Answer(UReturn.U_RETRY, "no secure memory is left")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_svm_page_in", "makes it for a page that becomes secure")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_share_page", "makes it for a page that becomes shared")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_send_page_to_uv", "makes it when the guest touches a shared page that the hypervisor had taken away")]
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
