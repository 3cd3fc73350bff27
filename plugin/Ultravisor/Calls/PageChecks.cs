using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Checks that the page calls of the hypervisor share. Their order decides which code a caller with two errors sees.</summary>
internal static unsafe class PageChecks
{
    /// <summary>Whether a real address is a 64 KiB page of normal RAM: the hypervisor must never make the ultravisor touch secure memory.</summary>
    public static bool IsNormalPage(UltravisorModel uv, ulong real) =>
        real != 0 && (real & (SecureHeap.FrameSize - 1)) == 0 && uv.Controller.NormalPointer(real, SecureHeap.FrameSize) != null;

    /// <summary>Whether a guest address is a 64 KiB frame in a slot.</summary>
    public static bool IsFrame(Svm svm, ulong gpa) => (gpa & (SecureHeap.FrameSize - 1)) == 0 && svm.FindSlot(gpa) is not null;
}
