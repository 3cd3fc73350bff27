using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>
/// The page state machine: what the hypervisor's UV_PAGE_IN, UV_PAGE_OUT and UV_PAGE_INVAL do in each state, and the steps of sharing and unsharing.
/// Addresses and callers were checked before.
/// </summary>
public sealed unsafe class PageManager(SecureMemoryController controller, SecureHeap heap)
{
    private const ulong FrameSize = SecureHeap.FrameSize;

    /// <summary>Told of each change of state.</summary>
    internal Action<Svm, ulong, PageState, PageState>? Changed { get; set; }

    /// <summary>Drops the translations of a partition on all threads.</summary>
    internal Action<ulong>? Flush { get; set; }

    /// <summary>Whose call is being served, or null: where it says what the host does.</summary>
    internal CpuState* Serving { get; set; }

    /// <summary>Whether a state is one of a share or unshare under way.</summary>
    public static bool IsTransient(PageState state) => state is >= PageState.HV_SHARING and <= PageState.HV_UNSHARED;

    /// <summary>Whether the hypervisor holds a page for a frame in this state.</summary>
    public static bool IsShared(PageState state) =>
        state is >= PageState.SHARED and <= PageState.SHARED_IMPLICIT_INV or PageState.PSEUDO_SHARED or PageState.PSEUDO_SHARED_INV;

    /// <summary>UV_PAGE_IN: the hypervisor gives a page for a frame.</summary>
    /// <param name="svm">Whose frame.</param>
    /// <param name="gpa">The frame, in a slot.</param>
    /// <param name="source">Real address of 64 KiB of normal RAM.</param>
    public long PageIn(Svm svm, ulong gpa, ulong source)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        switch (frame.State)
        {
            case PageState.SECURE or PageState.HV_UNSHARED when svm.State == SvmState.Starting:
                if (!EnsureSecure(svm, gpa, ref frame))
                    return UReturn.U_RETRY;
                Copy(controller.NormalPointer(source, FrameSize), frame.Secure);
                return UReturn.U_SUCCESS;
            case PageState.PAGEDOUT:
                return Decrypt(svm, gpa, ref frame, source);
            case PageState.HV_SHARING:
            case PageState.HV_SHARED:
            case PageState.HV_SHARED_INV:
                frame.Normal = source;
                SetState(svm, gpa, ref frame, PageState.HV_SHARED);
                return UReturn.U_SUCCESS;
            case PageState.SHARED:
            case PageState.SHARED_INV:
                return MapShared(svm, gpa, ref frame, source);
            case PageState.SHARED_IMPLICIT:
            case PageState.SHARED_IMPLICIT_INV:
                frame.Normal = source;
                SetState(svm, gpa, ref frame, PageState.SHARED_IMPLICIT);
                return UReturn.U_SUCCESS;
            case PageState.PSEUDO_SHARED:
            case PageState.PSEUDO_SHARED_INV:
                frame.Normal = source;
                SetState(svm, gpa, ref frame, PageState.PSEUDO_SHARED);
                return UReturn.U_SUCCESS;
            case PageState.HV_UNSHARING:
            case PageState.HV_UNSHARING_INV:
                SetState(svm, gpa, ref frame, PageState.HV_UNSHARING);
                return UReturn.U_SUCCESS;
            default:
                return UReturn.U_P2;
        }
    }

    /// <summary>UV_PAGE_OUT: the hypervisor wants a frame's content, encrypted, in a page of its own.</summary>
    /// <param name="svm">Whose frame.</param>
    /// <param name="gpa">The frame, in a slot.</param>
    /// <param name="target">Real address of 64 KiB of normal RAM.</param>
    public long PageOut(Svm svm, ulong gpa, ulong target)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        if (frame.State == PageState.HV_UNSHARED)
            return UReturn.U_RETRY;
        if (frame.State != PageState.SECURE)
            return UReturn.U_PARAMETER;
        byte* to = controller.NormalPointer(target, FrameSize);
        if (svm.State == SvmState.Aborting)
        {
            // The content came from the hypervisor and has not become secret: give it back as it was.
            if (frame.Secure != 0)
                NativeMemory.Copy(heap.Pointer(frame.Secure, FrameSize), to, (nuint)FrameSize);
            else
                NativeMemory.Clear(to, (nuint)FrameSize);
            controller.Written(target, FrameSize);
            return UReturn.U_SUCCESS;
        }

        ulong seal = heap.Allocate(PageCrypto.SealSize);
        if (seal == 0 || !EnsureSecure(svm, gpa, ref frame))
        {
            if (seal != 0)
                heap.Free(seal, PageCrypto.SealSize);
            return UReturn.U_RETRY;
        }

        HostWork work = HostWorkState.Enter(Serving, HostWork.PageCrypto);
        svm.Crypto.Seal(Span(heap.Pointer(frame.Secure, FrameSize)), Span(to), new Span<byte>(heap.Pointer(seal, PageCrypto.SealSize), PageCrypto.SealSize));
        HostWorkState.Leave(Serving, work);
        controller.Written(target, FrameSize);
        frame.Seal = seal;
        DropSecure(svm, gpa, ref frame);
        SetState(svm, gpa, ref frame, PageState.PAGEDOUT);
        return UReturn.U_SUCCESS;
    }

    /// <summary>UV_PAGE_INVAL: the hypervisor takes its page away.</summary>
    public long Invalidate(Svm svm, ulong gpa)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        PageState next;
        switch (frame.State)
        {
            case PageState.SHARED:
                svm.Tree.Unmap(gpa);
                Flush?.Invoke(svm.Lpid);
                next = PageState.SHARED_INV;
                break;
            case PageState.HV_SHARED:
            case PageState.SHARED_IMPLICIT:
            case PageState.HV_UNSHARING:
            case PageState.PSEUDO_SHARED:
                next = frame.State + 1;
                break;
            case PageState.SHARED_INV:
            case PageState.HV_SHARED_INV:
            case PageState.SHARED_IMPLICIT_INV:
            case PageState.HV_UNSHARING_INV:
            case PageState.PSEUDO_SHARED_INV:
                return UReturn.U_SUCCESS;
            default:
                return UReturn.U_P2;
        }

        frame.Normal = 0;
        SetState(svm, gpa, ref frame, next);
        return UReturn.U_SUCCESS;
    }

    /// <summary>Gives a frame its secure memory and maps it; false if there is no room.</summary>
    public bool EnsureSecure(Svm svm, ulong gpa, ref GuestFrame frame)
    {
        if (frame.Secure == 0)
        {
            frame.Secure = heap.TakeFrame();
            if (frame.Secure == 0)
                return false;
        }

        return svm.Tree.Mapped(gpa) == frame.Secure || svm.Tree.Map(gpa, frame.Secure);
    }

    /// <summary>Last step of sharing: the hypervisor's page is zeroed and takes the place of the secure one.</summary>
    internal void CommitShare(Svm svm, ulong gpa, PageState target)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        DropSecure(svm, gpa, ref frame, flush: false);
        if (frame.State == PageState.HV_SHARED)
        {
            Clear(frame.Normal);

            // An implicitly shared page is the ultravisor's own: the guest gets no mapping. Without room for a table the guest's first touch asks once more.
            bool mapped = target != PageState.SHARED || svm.Tree.Map(gpa, frame.Normal);
            if (!mapped)
                frame.Normal = 0;
            SetState(svm, gpa, ref frame, mapped ? target : target + 1);
        }
        else
        {
            frame.ZeroOnArrival = true;
            SetState(svm, gpa, ref frame, target + 1);
        }
    }

    /// <summary>A share came to nothing: the hypervisor's page was never mapped, the secure content never dropped.</summary>
    internal void Abandon(Svm svm, ulong gpa, ref GuestFrame frame)
    {
        frame.Normal = 0;
        SetState(svm, gpa, ref frame, PageState.SECURE);
    }

    /// <summary>Last step of unsharing: zeroed secure memory takes the place of the hypervisor's page.</summary>
    internal void CommitUnshare(Svm svm, ulong gpa)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        frame.Normal = 0;
        frame.ZeroOnArrival = false;
        svm.Tree.Unmap(gpa);
        SetState(svm, gpa, ref frame, PageState.SECURE);
    }

    /// <summary>Changes a frame's state.</summary>
    internal void SetState(Svm svm, ulong gpa, ref GuestFrame frame, PageState state)
    {
        PageState before = frame.State;
        if (before == state)
            return;
        frame.State = state;
        Changed?.Invoke(svm, gpa, before, state);
    }

    /// <summary>Frees all that a slot holds.</summary>
    internal void Release(Svm svm, MemorySlot slot)
    {
        for (int index = 0; index < slot.Frames.Length; index++)
        {
            ref GuestFrame frame = ref slot.Frames[index];
            svm.Tree.Unmap(slot.Gpa + ((ulong)index * FrameSize));
            if (frame.Secure != 0)
                heap.ReturnFrame(frame.Secure);
            if (frame.Seal != 0)
                heap.Free(frame.Seal, PageCrypto.SealSize);
            frame = default;
        }

        heap.Discharge(slot.Charge);
        Flush?.Invoke(svm.Lpid);
    }

    private static Span<byte> Span(byte* bytes) => new(bytes, (int)FrameSize);

    private long Decrypt(Svm svm, ulong gpa, ref GuestFrame frame, ulong source)
    {
        if (!EnsureSecure(svm, gpa, ref frame))
            return UReturn.U_RETRY;
        var seal = new ReadOnlySpan<byte>(heap.Pointer(frame.Seal, PageCrypto.SealSize), PageCrypto.SealSize);
        HostWork work = HostWorkState.Enter(Serving, HostWork.PageCrypto);
        bool whole = svm.Crypto.Open(Span(controller.NormalPointer(source, FrameSize)), Span(heap.Pointer(frame.Secure, FrameSize)), seal);
        HostWorkState.Leave(Serving, work);
        controller.Written(frame.Secure, FrameSize);
        if (!whole)
        {
            DropSecure(svm, gpa, ref frame);
            return UReturn.U_P3;
        }

        heap.Free(frame.Seal, PageCrypto.SealSize);
        frame.Seal = 0;
        SetState(svm, gpa, ref frame, PageState.SECURE);
        return UReturn.U_SUCCESS;
    }

    private long MapShared(Svm svm, ulong gpa, ref GuestFrame frame, ulong source)
    {
        bool moved = frame.State == PageState.SHARED && frame.Normal != source;
        if (!svm.Tree.Map(gpa, source))
            return UReturn.U_RETRY;
        frame.Normal = source;
        if (frame.ZeroOnArrival)
            Clear(source);
        frame.ZeroOnArrival = false;
        if (moved)
            Flush?.Invoke(svm.Lpid);
        SetState(svm, gpa, ref frame, PageState.SHARED);
        return UReturn.U_SUCCESS;
    }

    private void DropSecure(Svm svm, ulong gpa, ref GuestFrame frame, bool flush = true)
    {
        svm.Tree.Unmap(gpa);
        if (flush)
            Flush?.Invoke(svm.Lpid);
        if (frame.Secure == 0)
            return;
        heap.ReturnFrame(frame.Secure);
        frame.Secure = 0;
    }

    private void Copy(byte* from, ulong secure)
    {
        NativeMemory.Copy(from, heap.Pointer(secure, FrameSize), (nuint)FrameSize);
        controller.Written(secure, FrameSize);
    }

    private void Clear(ulong normal)
    {
        byte* page = controller.NormalPointer(normal, FrameSize);
        if (page == null)
            return;
        NativeMemory.Clear(page, (nuint)FrameSize);
        controller.Written(normal, FrameSize);
    }
}
