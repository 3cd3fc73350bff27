using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The SVM takes all frames back that it shared; pages that the ultravisor shared for itself stay.")]
[Answer(UReturn.U_P2, "the hypervisor refuses a page: it and those behind it stay shared")]
[Within(nameof(HCall.H_SVM_PAGE_IN), "for each shared page")]
[Linux("arch/powerpc/kexec/core_64.c", "default_machine_kexec", "makes it")]
internal sealed class UvUnshareAllPages : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_UNSHARE_ALL_PAGES;

    public override Caller Caller => Caller.SecureGuest;

    public override string[] Arguments { get; } = [];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        Svm svm = uv.FindSvm(frame.Lpid)!;
        var shared = new List<ulong>();
        foreach (MemorySlot slot in svm.Slots)
        {
            for (int index = 0; index < slot.Frames.Length; index++)
            {
                if (slot.Frames[index].State is PageState.SHARED or PageState.SHARED_INV)
                    shared.Add(slot.Gpa + ((ulong)index * SecureHeap.FrameSize));
            }
        }

        uv.Begin(frame, svm, Number, new Unshare(shared));
        return CallResult.Switched;
    }
}
