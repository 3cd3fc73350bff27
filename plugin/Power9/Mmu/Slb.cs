using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// POWER9's 32 segment lookaside entries (ISA 3.0B Book III 5.7.8.1). What makes entries go away answers in which halves of the effective address space they
/// were, so that cached translations go with them.
/// </summary>
public sealed class Slb
{
    /// <summary>Entries.</summary>
    public const int Count = 32;

    private const ulong ValidBit = 1UL << 27;
    private const ulong EsidMask = 0xFFFFFFFFF0000000;
    private readonly ulong[] esid = new ulong[Count];
    private readonly ulong[] vsid = new ulong[Count];

    /// <summary>slbmte: RB holds ESID, V and the index; RS the segment.</summary>
    internal Halves Write(ulong rb, ulong rs)
    {
        int index = (int)(rb & (Count - 1));
        ulong newEsid = rb & (EsidMask | ValidBit);
        Halves gone = esid[index] != newEsid || vsid[index] != rs ? Drop(index) : Halves.None;
        esid[index] = newEsid;
        vsid[index] = rs;
        return gone;
    }

    /// <summary>slbmfee.</summary>
    public ulong Esid(ulong rb) => esid[rb & (Count - 1)];

    /// <summary>slbmfev.</summary>
    public ulong Vsid(ulong rb) => vsid[rb & (Count - 1)];

    /// <summary>Finds the segment of an effective address: how many entries match, and what the first one says.</summary>
    public int Find(ulong ea, out SegmentDescriptor segment)
    {
        int found = 0;
        segment = default;
        for (int k = 0; k < Count; k++)
        {
            if (Covers(k, ea) && found++ == 0)
                segment = new SegmentDescriptor(vsid[k]);
        }

        return found;
    }

    /// <summary>Calls <paramref name="found"/> with each effective address that has a virtual 4 KiB page, whose number is known in its low 52 bits only.</summary>
    public void FindVirtualPage(ulong page, int sizeCode, Action<ulong> found)
    {
        const ulong Known = (1UL << 52) - 1;
        for (int k = 0; k < Count; k++)
        {
            var segment = new SegmentDescriptor(vsid[k]);
            if ((esid[k] & ValidBit) == 0 || segment.SizeCode != sizeCode)
                continue;
            ulong offsetMask = (1UL << (segment.Shift - 12)) - 1;
            if (((segment.VirtualPage(0) ^ page) & Known & ~offsetMask) == 0)
                found((esid[k] & ~((1UL << segment.Shift) - 1)) | ((page & offsetMask) << 12));
        }
    }

    /// <summary>slbie: drops the entries of the segment that RB is in.</summary>
    internal Halves Invalidate(ulong rb)
    {
        Halves gone = Halves.None;
        for (int k = 0; k < Count; k++)
        {
            if (Covers(k, rb))
                gone |= Drop(k);
        }

        return gone;
    }

    /// <summary>slbia: all entries but the first; IH=3 those of class 1, IH=4 really all, IH=7 none. The other values differ in what implementations may keep in ERATs.</summary>
    internal Halves InvalidateAll(int ih)
    {
        Halves gone = Halves.None;
        for (int k = ih is 3 or 4 ? 0 : 1; k < Count && ih != 7; k++)
        {
            if (ih != 3 || new SegmentDescriptor(vsid[k]).Class == 1)
                gone |= Drop(k);
        }

        return gone;
    }

    internal void Save(SnapshotWriter writer)
    {
        writer.WriteAll(esid);
        writer.WriteAll(vsid);
    }

    internal void Load(SnapshotReader reader)
    {
        reader.ReadAll(esid);
        reader.ReadAll(vsid);
    }

    // Entries of a reserved segment size match nothing.
    private bool Covers(int k, ulong ea)
    {
        if ((esid[k] & ValidBit) == 0)
            return false;
        var segment = new SegmentDescriptor(vsid[k]);
        return segment.SizeCode <= 1 && (esid[k] ^ ea) >> segment.Shift == 0;
    }

    private Halves Drop(int k)
    {
        if ((esid[k] & ValidBit) == 0)
            return Halves.None;
        esid[k] &= ~ValidBit;
        return esid[k] >> 63 == 0 ? Halves.Lower : Halves.Upper;
    }
}
