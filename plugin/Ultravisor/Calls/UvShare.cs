using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
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

/// <summary>The SVM shares frames with the hypervisor; they become zero.</summary>
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

/// <summary>The SVM takes shared frames back; they become zero. Frames that are secure keep their content.</summary>
internal sealed class UvUnsharePage : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_UNSHARE_PAGE;

    public override Caller Caller => Caller.SecureGuest;

    public override string[] Arguments { get; } = ["gfn", "count"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        Svm svm = uv.FindSvm(frame.Lpid)!;
        (ulong gfn, ulong count) = (frame[0], frame[1]);
        if (!FrameRange.IsCovered(svm, gfn, count))
            return UReturn.U_P2;
        var shared = new List<ulong>();
        foreach (ulong gpa in FrameRange.Frames(gfn, count))
        {
            switch (svm.Frame(gpa).State)
            {
                case PageState.SECURE:
                case PageState.PAGEDOUT:
                    break;
                case PageState.SHARED:
                case PageState.SHARED_INV:
                    shared.Add(gpa);
                    break;
                default:
                    return UReturn.U_P2;
            }
        }

        uv.Begin(frame, svm, Number, new Unshare(shared));
        return CallResult.Switched;
    }
}

/// <summary>The SVM takes all frames back that it shared; pages that the ultravisor shared for itself stay.</summary>
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
