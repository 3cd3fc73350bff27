using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Frame ranges as SVMs name them.</summary>
internal static class FrameRange
{
    /// <summary>Whether slots cover the range; checked before any walk, so that a huge count costs nothing.</summary>
    public static bool IsCovered(Svm svm, ulong gfn, ulong count)
    {
        const ulong Limit = ulong.MaxValue / SecureHeap.FrameSize;
        return gfn <= Limit && count <= Limit - gfn && svm.Covers(gfn * SecureHeap.FrameSize, count * SecureHeap.FrameSize);
    }

    /// <summary>Addresses of the frames in order.</summary>
    public static IEnumerable<ulong> Frames(ulong gfn, ulong count)
    {
        for (ulong n = 0; n < count; n++)
            yield return (gfn + n) * SecureHeap.FrameSize;
    }
}
