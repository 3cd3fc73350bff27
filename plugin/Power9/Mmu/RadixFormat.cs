namespace RenodeUvmem.Power9.Mmu;

/// <summary>Layout of partition-table, process-table and radix entries (ISA 3.0B Book III 5.7.6 and 5.7.9). All are big-endian in memory.</summary>
public static class RadixFormat
{
    /// <summary>PATE doubleword 0: the host uses radix.</summary>
    public const ulong PateHR = 1UL << 63;

    /// <summary>Root page directory base of a PATE or PRTE doubleword 0.</summary>
    public const ulong RootBase = 0x0FFFFFFFFFFFFF00;

    /// <summary>Root page directory size: index bits of the first level.</summary>
    public const ulong RootSize = 0x1F;

    /// <summary>Process table base and size field of PATE doubleword 1; partition table base and size of PTCR.</summary>
    public const ulong TableBase = 0x0FFFFFFFFFFFF000;
    public const ulong TableSize = 0x1F;

    public const ulong Valid = 1UL << 63;
    public const ulong Leaf = 1UL << 62;
    public const ulong NextBase = 0x0FFFFFFFFFFFFF00;
    public const ulong NextSize = 0x1F;
    public const ulong RealPage = 0x01FFFFFFFFFFF000;
    public const ulong Referenced = 0x100;
    public const ulong Changed = 0x80;
    public const ulong Attributes = 0x30;
    public const ulong NonIdempotent = 0x20;
    public const ulong Privileged = 0x8;
    public const ulong ReadBit = 0x4;
    public const ulong WriteBit = 0x2;
    public const ulong ExecuteBit = 0x1;

    /// <summary>Bits of effective address that the tree maps: RTS + 31.</summary>
    public static int AddressBits(ulong root) => (int)(((root >> 58) & 0x18) | ((root >> 5) & 7)) + 31;

    /// <summary>The one size of tree that POWER9 has.</summary>
    public const int TreeBits = 52;

    /// <summary>Whether POWER9 supports a directory of so many index bits at a level, 0 being the root: 13, 9, 9, then 9 for 4 KiB or 5 for 64 KiB pages (POWER9 User's Manual 4.10.4.1).</summary>
    public static bool IsLevel(int level, int indexBits) => level switch
    {
        0 => indexBits == 13,
        1 or 2 => indexBits == 9,
        3 => indexBits is 9 or 5,
        _ => false,
    };

    /// <summary>Bytes of the table that PATE doubleword 1 or PTCR describes.</summary>
    public static ulong TableBytes(ulong descriptor) => 1UL << (int)(12 + Math.Min(descriptor & TableSize, 24));

    /// <summary>Where a directory has its entry for an address.</summary>
    /// <param name="table">The directory; bits below its size do not count.</param>
    /// <param name="indexBits">Bits of its index.</param>
    /// <param name="address">The address.</param>
    /// <param name="bits">Bits of the address below the index.</param>
    public static ulong EntryAddress(ulong table, int indexBits, ulong address, int bits) =>
        (table & ~((8UL << indexBits) - 1)) + (((address >> bits) & ((1UL << indexBits) - 1)) << 3);

    /// <summary>What an address becomes by a leaf that covers so many bits.</summary>
    public static ulong RealAddress(ulong leaf, ulong address, int bits)
    {
        ulong offset = (1UL << bits) - 1;
        return (leaf & RealPage & ~offset) | (address & offset);
    }

    /// <summary>What an access sets in a leaf: R, and C if it is a store.</summary>
    public static ulong Marks(AccessKind kind) => Referenced | (kind == AccessKind.Store ? Changed : 0);

    /// <summary>Encoded access authority as protection; write implies read.</summary>
    public static Protection Authority(ulong leaf)
    {
        Protection protection = Protection.None;
        if ((leaf & ReadBit) != 0)
            protection |= Protection.Read;
        if ((leaf & WriteBit) != 0)
            protection |= Protection.Read | Protection.Write;
        if ((leaf & ExecuteBit) != 0)
            protection |= Protection.Execute;
        return protection;
    }
}
