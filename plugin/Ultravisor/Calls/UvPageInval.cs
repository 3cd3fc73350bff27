using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor's page behind a shared frame is gone.")]
[Answer(UReturn.U_P3, "order is not 16, or gpa is no page in a slot")]
[Answer(UReturn.U_PARAMETER, "lpid is no SVM")]
[Answer(UReturn.U_STATE, "UV_ESM is being aborted")]
[Answer(UReturn.U_P2, "the hypervisor has no page for it: it is SECURE, PAGEDOUT, HV_SHARING or HV_UNSHARED")]
[Linux("arch/powerpc/kvm/book3s_64_mmu_radix.c", "kvm_unmap_radix", "makes it for every page that it unmaps, and ignores the answer")]
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
