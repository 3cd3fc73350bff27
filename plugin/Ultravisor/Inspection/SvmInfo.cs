using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>An SVM as it stands.</summary>
public sealed record SvmInfo
{
    /// <summary>Partition.</summary>
    public required ulong Lpid { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required SvmState State { get; init; }

    /// <summary>PIRs of the threads that execute it.</summary>
    public required IReadOnlyList<uint> CpusInside { get; init; }

    /// <summary>Its CPUs that are out of the guest.</summary>
    public required IReadOnlyList<OutsideCpu> CpusOutside { get; init; }

    /// <summary>Registered memory in order of address.</summary>
    public required IReadOnlyList<SlotInfo> Slots { get; init; }

    /// <summary>Number of 64 KiB frames in each state, indexed by <see cref="PageState"/>.</summary>
    public required IReadOnlyList<long> Frames { get; init; }

    /// <summary>Bytes of secure memory that its frames hold. A SECURE frame that was never touched holds none.</summary>
    public required ulong ResidentBytes { get; init; }

    /// <summary>Guest real addresses of the pages that UV_ESM has reserved for RTAS; none before it has.</summary>
    public required IReadOnlyList<ulong> RtasPages { get; init; }

    /// <summary>Of those, buffers that a call under way uses.</summary>
    public required int RtasBuffersInUse { get; init; }

    /// <summary>Bytes in state SECURE.</summary>
    public ulong SecureBytes => Bytes(state => state == PageState.SECURE);

    /// <summary>Bytes that are shared with the hypervisor, for the guest or for RTAS.</summary>
    public ulong SharedBytes => Bytes(PageManager.IsShared);

    /// <summary>Bytes that the hypervisor holds encrypted.</summary>
    public ulong PagedOutBytes => Bytes(state => state == PageState.PAGEDOUT);

    private ulong Bytes(Predicate<PageState> which)
    {
        ulong frames = 0;
        for (int state = 0; state < Frames.Count; state++)
        {
            if (which((PageState)state))
                frames += (ulong)Frames[state];
        }

        return frames * SecureHeap.FrameSize;
    }
}
