namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>
/// A hashed page table, filled as Linux fills one (arch/powerpc/include/asm/book3s/64/mmu-hash.h: hpt_vpn, hpt_hash, hpte_encode_v, hpte_encode_r, then the
/// conversion to the format of ISA 3.0).
/// </summary>
internal sealed class HashTable
{
    public const ulong ReadWrite = 2;
    public const ulong ReadOnly = 3;
    public const ulong Referenced = 0x100;
    public const ulong Changed = 0x80;
    public const ulong Guarded = 0x8;
    public const ulong NoExecute = 0x4;

    /// <summary>PP=010: all may read, write and execute; R and C are set.</summary>
    public const ulong OpenPage = ReadWrite | Referenced | Changed;

    private const int Group = 128;
    private readonly TableSpace space;
    private readonly int size;

    /// <summary>A table of 256 KiB, or so many times doubled.</summary>
    public HashTable(TableSpace space, int size = 0)
    {
        this.space = space;
        this.size = size;
        Origin = space.Allocate(1UL << (18 + size));
    }

    public ulong Origin { get; }

    /// <summary>Doubleword 0 of the partition table entry, without PS.</summary>
    public ulong Pate => Origin | (uint)size;

    /// <summary>Maps one page; answers the address of its entry.</summary>
    /// <param name="segment">Segment.</param>
    /// <param name="ea">Effective address in it.</param>
    /// <param name="real">Real address of the page.</param>
    /// <param name="actualShift">Actual page size; the base size is the segment's.</param>
    /// <param name="bits">Rights, R, C, WIMG, key.</param>
    /// <param name="secondary">Whether in the secondary group.</param>
    /// <param name="slot">Which of the eight places.</param>
    public ulong Map(Segment segment, ulong ea, ulong real, int actualShift, ulong bits, bool secondary = false, int slot = 0)
    {
        (ulong offset, ulong first, ulong second) = Encode(segment, ea, real, actualShift, bits, size, secondary, slot);
        space.Write(Origin + offset, first);
        space.Write(Origin + offset + 8, second);
        return Origin + offset;
    }

    /// <summary>Where an entry stands in a table of a size, and its two doublewords.</summary>
    public static (ulong Offset, ulong First, ulong Second) Encode(Segment segment, ulong ea, ulong real, int actualShift, ulong bits, int size, bool secondary, int slot)
    {
        ulong vpn = segment.Vpn(ea);
        ulong hash = segment.Hash(vpn);
        if (secondary)
            hash = ~hash;
        ulong offset = ((hash & ((1UL << (11 + size)) - 1)) * Group) + ((ulong)slot * 16);
        bool large = segment.BaseShift != 12 || actualShift != 12;
        ulong ignored = segment.BaseShift <= 23 ? 0 : (1UL << (segment.BaseShift - 23)) - 1;
        ulong v = (((vpn >> 11) & ~ignored) << 7) | (large ? 4UL : 0) | (secondary ? 2UL : 0) | 1;
        ulong r = (real & ~((1UL << actualShift) - 1)) | (large ? Encoding(segment.BaseShift, actualShift) << 12 : 0) | bits;
        return (offset, v & 0x000FFFFFFFFFFFFF, r | ((ulong)segment.SizeCode << 58));
    }

    /// <summary>Doubleword 1 of an entry.</summary>
    public ulong Second(ulong entry) => space.Read(entry + 8);

    /// <summary>Removes an entry, without tlbie.</summary>
    public void Remove(ulong entry) => space.Write(entry, 0);

    /// <summary>HPTE LP by base and actual page size (firmware's ibm,segment-page-sizes for POWER9; QEMU ppc_hash64_opts_POWER7).</summary>
    public static ulong Encoding(int baseShift, int actualShift) => (baseShift, actualShift) switch
    {
        (12, 16) => 0x07,
        (12, 24) => 0x38,
        (16, 16) => 0x01,
        (16, 24) => 0x08,
        (24, 24) => 0x00,
        _ => throw new ArgumentException($"no pages of 2^{actualShift} in segments of 2^{baseShift}"),
    };
}
