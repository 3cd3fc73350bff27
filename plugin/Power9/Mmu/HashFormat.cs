namespace RenodeUvmem.Power9.Mmu;

/// <summary>Layout of hash translation: partition-table entry with HR=0, segment descriptors, hashed page table entries (ISA 3.0B Book III 5.7.6, 5.7.8, 5.7.9). Tables are big-endian in memory.</summary>
public static class HashFormat
{
    /// <summary>PATE doubleword 0: HTABORG, the real address of the table.</summary>
    public const ulong TableOrigin = 0x0FFFFFFFFFFC0000;

    /// <summary>PATE doubleword 0: HTABSIZE; the hash has 11 bits more than this that count.</summary>
    public const ulong TableSize = 0x1F;

    /// <summary>The largest HTABSIZE: of the 39 bits of a hash 11 always count.</summary>
    public const int LargestTableSize = 28;

    /// <summary>Bits that every hash has.</summary>
    public const int LeastHashBits = 11;

    /// <summary>Bits that a hash is made of.</summary>
    public const ulong HashMask = (1UL << 39) - 1;

    /// <summary>Bytes of an entry and entries of a group (PTEG).</summary>
    public const int EntryBytes = 16;
    public const int GroupEntries = 8;
    public const int GroupShift = 7;

    public const ulong Valid = 1;

    /// <summary>H: the entry is in the secondary group of its page.</summary>
    public const ulong Secondary = 2;

    /// <summary>L: the page is larger than 4 KiB, doubleword 1 says how large.</summary>
    public const ulong Large = 4;

    /// <summary>AVA: bits 10:54 of the 78-bit virtual address.</summary>
    public const ulong AbbreviatedAddress = 0x000FFFFFFFFFFF80;
    public const int AbbreviatedAddressShift = 7;

    /// <summary>Low bits of a virtual address that AVA leaves out.</summary>
    public const int OmittedBits = 23;

    /// <summary>Doubleword 1: B, the segment size. Up to ISA 2.07 it stood in doubleword 0.</summary>
    public const int SegmentSizeShift = 58;

    public const ulong RealPage = 0x01FFFFFFFFFFF000;
    public const ulong Referenced = 0x100;
    public const ulong Changed = 0x80;
    public const ulong Guarded = 0x8;
    public const ulong NoExecute = 0x4;

    /// <summary>LP: with doubleword 0's L the page size; bits that the size does not need are real page number.</summary>
    public const int PageSizeShift = 12;
    public const ulong PageSizeMask = 0xFF;

    /// <summary>PATE[PS] at L || LP of a segment descriptor.</summary>
    public static ulong VrmaPageSize(ulong pate) => ((pate & 0x80) << 1) | ((pate & 0x60) >> 1);

    /// <summary>PP, three bits: doubleword 1 bits 0 and 62:63.</summary>
    public static int PageProtection(ulong dw1) => (int)(((dw1 >> 61) & 4) | (dw1 & 3));

    /// <summary>Virtual page class key, five bits: doubleword 1 bits 2:3 and 52:54.</summary>
    public static int Key(ulong dw1) => (int)(((dw1 >> 57) & 0x18) | ((dw1 >> 9) & 7));

    /// <summary>What PP allows under a key of 0 or 1 (ISA 3.0B Book III 5.7.12.3); reserved values allow nothing.</summary>
    public static Protection Authority(int pageProtection, bool key) => (pageProtection, key) switch
    {
        (0 or 1, false) or (2, _) => Protection.All,
        (3, _) or (6, false) or (1, true) => Protection.Read | Protection.Execute,
        _ => Protection.None,
    };
}
