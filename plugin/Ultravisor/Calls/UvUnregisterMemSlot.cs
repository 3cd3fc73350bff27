using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor takes a range of an SVM's memory away.")]
[Answer(UReturn.U_PARAMETER, "lpid is no SVM, or it has no such slot")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "__kvmppc_uvmem_memslot_delete", "makes it when memory is taken away")]
[Linux("arch/powerpc/kvm/book3s_hv.c", "kvmhv_svm_off", "makes it when the guest reboots")]
internal sealed class UvUnregisterMemSlot : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_UNREGISTER_MEM_SLOT;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "slot"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        ulong id = frame[1];
        if (uv.FindSvm(frame[0]) is not { } svm || svm.Slots.FirstOrDefault(slot => slot.Id == id) is not { } found)
            return UReturn.U_PARAMETER;
        svm.Remove(found);
        uv.Pages.Release(svm, found);
        return UReturn.U_SUCCESS;
    }
}
