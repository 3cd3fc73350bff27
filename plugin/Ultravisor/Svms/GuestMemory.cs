using System.Runtime.CompilerServices;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Whether the ultravisor can reach a guest frame.</summary>
internal enum FrameAccess
{
    /// <summary>Its bytes are at hand.</summary>
    Ready,

    /// <summary>The hypervisor must give a page first.</summary>
    Absent,

    /// <summary>No slot covers it, it is being shared or unshared, or secure memory is full.</summary>
    Refused,
}

/// <summary>Reads and writes guest real memory for the ultravisor itself.</summary>
internal sealed unsafe class GuestMemory(SecureMemoryController controller, SecureHeap heap, PageManager pages)
{
    /// <summary>Whether a whole range is at hand; if not, <paramref name="obstacle"/> is the first frame that is not.</summary>
    public FrameAccess Access(Svm svm, ulong gpa, ulong length, out ulong obstacle)
    {
        obstacle = gpa;
        if (length > ulong.MaxValue - gpa)
            return FrameAccess.Refused;
        ulong end = gpa + length;
        for (ulong at = gpa & ~(SecureHeap.FrameSize - 1); at < end; at += SecureHeap.FrameSize)
        {
            obstacle = at;
            ref GuestFrame frame = ref svm.Frame(at);
            if (Unsafe.IsNullRef(ref frame))
                return FrameAccess.Refused;
            switch (frame.State)
            {
                case PageState.SECURE:
                case PageState.PSEUDO_SHARED:
                case PageState.PSEUDO_SHARED_INV:
                    if (!pages.EnsureSecure(svm, at, ref frame))
                        return FrameAccess.Refused;
                    break;
                case PageState.SHARED:
                case PageState.SHARED_IMPLICIT:
                    break;
                case PageState.PAGEDOUT:
                case PageState.SHARED_INV:
                case PageState.SHARED_IMPLICIT_INV:
                    return FrameAccess.Absent;
                default:
                    return FrameAccess.Refused;
            }
        }

        return FrameAccess.Ready;
    }

    /// <summary>Reads bytes of a range that is <see cref="FrameAccess.Ready"/>.</summary>
    public void Read(Svm svm, ulong gpa, Span<byte> to)
    {
        while (to.Length > 0)
        {
            Span<byte> here = Bytes(svm, gpa, to.Length, out _);
            here.CopyTo(to);
            to = to[here.Length..];
            gpa += (ulong)here.Length;
        }
    }

    /// <summary>Writes bytes of a range that is <see cref="FrameAccess.Ready"/>.</summary>
    public void Write(Svm svm, ulong gpa, ReadOnlySpan<byte> from)
    {
        while (from.Length > 0)
        {
            Span<byte> here = Bytes(svm, gpa, from.Length, out ulong real);
            from[..here.Length].CopyTo(here);
            controller.Written(real, (ulong)here.Length);
            from = from[here.Length..];
            gpa += (ulong)here.Length;
        }
    }

    // The bytes from an address to the end of its frame, at most so many.
    private Span<byte> Bytes(Svm svm, ulong gpa, int length, out ulong real)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        ulong offset = gpa & (SecureHeap.FrameSize - 1);
        length = (int)Math.Min((ulong)length, SecureHeap.FrameSize - offset);
        real = (frame.State is PageState.SHARED or PageState.SHARED_IMPLICIT ? frame.Normal : frame.Secure) + offset;
        byte* bytes = frame.State is PageState.SHARED or PageState.SHARED_IMPLICIT
            ? controller.NormalPointer(real, (ulong)length)
            : heap.Pointer(real, (ulong)length);
        return new Span<byte>(bytes, length);
    }
}
