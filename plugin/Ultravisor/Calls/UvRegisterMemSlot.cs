using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor declares a range of an SVM's memory; its content is zero until paged in.")]
[Answer(UReturn.U_P4, "flags is not 0")]
[Answer(UReturn.U_PARAMETER, "lpid is no SVM, slot is above 65535, the range is empty, not of 64 KiB pages, beyond 52 bits or overlaps a slot, the slot is there, or secure memory is not enough")]
[Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "__kvmppc_uvmem_memslot_create", "makes it")]
internal sealed class UvRegisterMemSlot : UltraCallHandler
{
    // Partition-scoped translation covers 52 bits.
    private const ulong AddressLimit = 1UL << 52;

    // Of all SVMs together. 32 bytes are kept for each frame: with overcommitted secure memory nothing else would bound what a hypervisor can make us allocate.
    private const ulong SizeLimit = 64UL << 30;

    public override UltraCall Number => UltraCall.UV_REGISTER_MEM_SLOT;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "gpa", "size", "flags", "slot"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        (ulong gpa, ulong size, ulong id) = (frame[1], frame[2], frame[4]);
        if (frame[3] != 0)
            return UReturn.U_P4;
        if (uv.FindSvm(frame[0]) is not { } svm || id > MemorySlot.MaximumId)
            return UReturn.U_PARAMETER;
        if (((gpa | size) & (SecureHeap.FrameSize - 1)) != 0 || size == 0 || gpa >= AddressLimit || size > AddressLimit - gpa)
            return UReturn.U_PARAMETER;
        if (svm.Slots.Any(slot => slot.Id == id || slot.Overlaps(gpa, size)))
            return UReturn.U_PARAMETER;

        // The promise comes first: it bounds the size before records are made for each frame. Page tables are made now, so that the promise can be kept.
        ulong charge = (size + SecureHeap.ChargeUnit - 1) & ~(SecureHeap.ChargeUnit - 1);
        ulong registered = uv.Svms.SelectMany(other => other.Slots).Aggregate(0UL, (sum, slot) => sum + slot.Charge);
        if (size > SizeLimit || registered + charge > SizeLimit || !uv.Heap.Charge(charge, RadixTree.TableBytes(gpa, size)))
            return UReturn.U_PARAMETER;
        if (!uv.Heap.Overcommit)
            svm.Tree.Prepare(gpa, size);
        svm.Add(new MemorySlot(id, gpa, size));
        return UReturn.U_SUCCESS;
    }
}
