namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// A segment: what slbmte has in RS and ASDR reports. B 0:1, VSID 2:51, Ks 52, Kp 53, N 54, L 55, C 56, LP 58:59 (ISA 3.0B Book III 5.7.8.1, 5.9.3.2).
/// Virtual addresses have 78 bits; they are handled as numbers of 4 KiB pages here.
/// </summary>
/// <param name="Word">The doubleword.</param>
public readonly record struct SegmentDescriptor(ulong Word)
{
    /// <summary>L || LP, not adjacent.</summary>
    public const ulong PageSize = 0x130;

    /// <summary>VSID of the virtual real mode area (ISA 3.0B Book III 5.7.3.3).</summary>
    private const ulong VrmaVsid = 0x1FFFFFF;

    private const int PageShift = 12;
    private const ulong VsidMask = 0x3FFFFFFFFFFFF000;

    /// <summary>Ks: the key of privileged accesses.</summary>
    public bool PrivilegedKey => (Word & 0x800) != 0;

    /// <summary>Kp: the key of problem-state accesses.</summary>
    public bool ProblemKey => (Word & 0x400) != 0;

    /// <summary>N: nothing is fetched from the segment.</summary>
    public bool NoExecute => (Word & 0x200) != 0;

    /// <summary>C.</summary>
    public int Class => (int)(Word >> 7) & 1;

    /// <summary>B: 0 is 256 MiB, 1 is 1 TiB, others are reserved.</summary>
    public int SizeCode => (int)(Word >> 62);

    /// <summary>Bits of offset in the segment.</summary>
    public int Shift => SizeCode == 0 ? 28 : 40;

    /// <summary>Virtual segment identifier: 50 bits, or 38 of a large segment.</summary>
    public ulong Vsid => (Word & VsidMask) >> (SizeCode == 0 ? 12 : 24);

    /// <summary>The segment that a partition's real mode addresses are offsets in.</summary>
    public static SegmentDescriptor Vrma(ulong pate) => new((1UL << 62) | (VrmaVsid << 24) | HashFormat.VrmaPageSize(pate));

    /// <summary>Whether a virtual 4 KiB page, known by the low 52 bits of its number and B, is in the virtual real mode area.</summary>
    public static bool IsInVrma(ulong page, int sizeCode) => sizeCode == 1 && page >> (40 - PageShift) == (VrmaVsid & ((1UL << 24) - 1));

    /// <summary>Number of the virtual 4 KiB page of an effective address in the segment.</summary>
    public ulong VirtualPage(ulong ea) => (Vsid << (Shift - PageShift)) | ((ea & ((1UL << Shift) - 1)) >> PageShift);

    /// <summary>Primary hash of an effective address; the secondary one is its complement.</summary>
    public ulong Hash(ulong ea, int baseShift)
    {
        ulong page = (ea & ((1UL << Shift) - 1)) >> baseShift;
        ulong vsid = Vsid;
        return vsid ^ (SizeCode == 0 ? 0 : vsid << 25) ^ page;
    }
}
