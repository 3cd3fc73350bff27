using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>POWER9's 32 segment lookaside entries as storage: slbmte writes, slbmfee and slbmfev read. Hash translation does not exist yet, so nothing looks them up.</summary>
public sealed class Slb
{
    private const ulong ValidBit = 1UL << 27;
    private const ulong EsidMask = 0xFFFFFFFFF0000000;
    private readonly ulong[] esid = new ulong[32];
    private readonly ulong[] vsid = new ulong[32];

    /// <summary>slbmte: RB holds ESID, V and the index; RS the VSID part.</summary>
    public void Write(ulong rb, ulong rs)
    {
        int index = (int)(rb & 31);
        esid[index] = rb & (EsidMask | ValidBit);
        vsid[index] = rs;
    }

    /// <summary>slbmfee.</summary>
    public ulong Esid(ulong rb) => esid[rb & 31];

    /// <summary>slbmfev.</summary>
    public ulong Vsid(ulong rb) => vsid[rb & 31];

    /// <summary>slbie: drops entries of the segment.</summary>
    public void Invalidate(ulong rb)
    {
        for (int k = 0; k < esid.Length; k++)
        {
            if ((esid[k] & EsidMask) == (rb & EsidMask))
                esid[k] &= ~ValidBit;
        }
    }

    /// <summary>slbia.</summary>
    public void InvalidateAllButFirst()
    {
        for (int k = 1; k < esid.Length; k++)
            esid[k] &= ~ValidBit;
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
}
