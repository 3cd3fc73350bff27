using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Execution;

/// <summary>What tlbie and tlbiel drop.</summary>
public sealed unsafe partial class Cpu
{
    // Larger pages than this are as good as all.
    private const ulong LargestRange = 1UL << 24;

    /// <summary>Segment lookaside entries.</summary>
    public Slb Slb { get; } = new();

    /// <summary>slbmte: RB has ESID, V and the index, RS the segment.</summary>
    public void WriteSegment(ulong rb, ulong rs) => ForgetSegments(Slb.Write(rb, rs));

    /// <summary>slbie.</summary>
    public void InvalidateSegment(ulong rb) => ForgetSegments(Slb.Invalidate(rb));

    /// <summary>slbia.</summary>
    public void InvalidateSegments(int ih) => ForgetSegments(Slb.InvalidateAll(ih));

    /// <summary>tlbie: all CPUs of the machine.</summary>
    public void TlbInvalidateBroadcast(in TlbInvalidation what)
    {
        if (State->Concurrent != 0)
        {
            NoteInvalidation(what);
            TlbInvalidate(what);
            return;
        }

        foreach (Cpu cpu in Group.Cpus)
            cpu.TlbInvalidate(what);
    }

    /// <summary>tlbiel. Invalidating more than asked is always allowed, so reserved combinations drop the partition.</summary>
    public void TlbInvalidate(in TlbInvalidation what)
    {
        HostWork work = HostWorkState.Enter(State, HostWork.Invalidation);
        Drop(what);
        State->Work = work;
    }

    private void Drop(in TlbInvalidation what)
    {
        switch (what.Selector)
        {
            case 3:
                InvalidateAllTranslations();
                break;
            case 0 when what.ProcessScoped && what.Radix && what.PageSize != 0:
                // A page table entry's 64 KiB may be invalidated with any base page size of the tree: take at least 64 KiB.
                ulong size = Math.Max(what.PageSize, 0x10000);
                InvalidateRange(what.Lpid, what.Pid, what.Rb & ~(size - 1), size);
                break;
            case 0 when !what.Radix:
                InvalidateVirtualPage(what);
                break;
            case 1 when what.ProcessScoped && what.Radix:
                InvalidateTranslations(what.Lpid, what.Pid);
                break;
            default:
                InvalidateTranslations(what.Lpid);
                break;
        }
    }

    // A virtual page has no tag of its own: the segments that are loaded tell where it is, and nothing is cached of others.
    private void InvalidateVirtualPage(in TlbInvalidation what)
    {
        ulong lpid = what.Lpid;
        ulong size = what.VirtualPageSize;
        if (size > LargestRange)
        {
            InvalidateTranslations(lpid);
            return;
        }

        ulong page = what.VirtualPage & ~((size >> 12) - 1);
        Slb.FindVirtualPage(page, what.SegmentSize, ea => FlushSegmented(lpid, ea, size));
        if (SegmentDescriptor.IsInVrma(page, what.SegmentSize))
        {
            foreach (AddressSpace space in spaces.All)
            {
                if (AddressSpaceKey.IsVirtualReal(space.Key) && AddressSpaceKey.IsOf(space.Key, lpid))
                    space.FlushRange(page << 12, size);
            }
        }

        FollowCodeTlb();
    }

    private void FlushSegmented(ulong lpid, ulong ea, ulong size)
    {
        foreach (AddressSpace space in spaces.All)
        {
            if (AddressSpaceKey.IsSegmented(space.Key, Halves.Both) && AddressSpaceKey.IsOf(space.Key, lpid))
                space.FlushRange(ea, size);
        }
    }

    /// <summary>Drops everything on all CPUs.</summary>
    public void InvalidateEverywhere()
    {
        if (State->Concurrent != 0)
        {
            TlbInvalidateBroadcast(TlbInvalidation.Everything);
            return;
        }

        foreach (Cpu cpu in Group.Cpus)
            cpu.InvalidateAllTranslations();
    }
}
