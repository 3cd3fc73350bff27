using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor ends an SVM. A partition that is none is no error: Linux calls it for each VM that tried.")]
[Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_core_destroy_vm_hv", "makes it when a VM ends")]
[Linux("arch/powerpc/kvm/book3s_hv.c", "kvmhv_svm_off", "makes it when the guest reboots")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_init_abort", "makes it when UV_ESM is aborted")]
internal sealed class UvSvmTerminate : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_SVM_TERMINATE;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (uv.FindSvm(frame[0]) is { } svm)
            uv.Terminate(svm);
        return UReturn.U_SUCCESS;
    }
}
