using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
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

/// <summary>The hypervisor gives a page to a frame.</summary>
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

/// <summary>The hypervisor wants the content of a frame, encrypted.</summary>
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

/// <summary>The hypervisor's page behind a shared frame is gone.</summary>
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
