namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>
/// A radix tree as POWER9 supports it: 52 bits of address, 13 + 9 + 9 and then 9 bits for 4 KiB pages or 5 for 64 KiB pages
/// (POWER9 User's Manual 4.10.4.1; Linux radix_pgtable.c).
/// </summary>
internal sealed class RadixTree
{
    public const ulong Size4K = 1UL << 12;
    public const ulong Size64K = 1UL << 16;
    public const ulong Size2M = 1UL << 21;
    public const ulong Size1G = 1UL << 30;

    // Entry bits: ISA 3.0B Book III 5.7.10.2.
    public const ulong Valid = 1UL << 63;
    public const ulong Leaf = 1UL << 62;
    public const ulong Referenced = 0x100;
    public const ulong Changed = 0x80;
    public const ulong NonIdempotent = 0x20;
    public const ulong Privileged = 0x8;
    public const ulong Read = 0x4;
    public const ulong Write = 0x2;
    public const ulong Execute = 0x1;

    /// <summary>All rights, privileged, R and C set: the kernel's pages.</summary>
    public const ulong KernelPage = Privileged | Read | Write | Execute | Referenced | Changed;

    /// <summary>All rights, R and C set; in a partition-scoped tree the privilege bit has no meaning.</summary>
    public const ulong OpenPage = Read | Write | Execute | Referenced | Changed;

    // RTS = 52 - 31 = 0b10101, split over bits 1:2 and 56:58.
    private const ulong Rts52 = (2UL << 61) | (5UL << 5);
    private const int RootBits = 13;

    private readonly TableSpace space;
    private readonly ulong root;

    public RadixTree(TableSpace space)
    {
        this.space = space;
        root = space.Allocate(8UL << RootBits);
    }

    /// <summary>Doubleword 0 of the table entry that names this tree, without PATE[HR].</summary>
    public ulong Root => Rts52 | root | RootBits;

    /// <summary>Maps one page and returns the address of its entry.</summary>
    public ulong Map(ulong address, ulong target, ulong size, ulong bits)
    {
        ulong table = root;
        int shift = 52;
        int indexBits = RootBits;
        ulong low = address & ((1UL << 52) - 1);
        while (true)
        {
            shift -= indexBits;
            ulong entry = table + (((low >> shift) & ((1UL << indexBits) - 1)) << 3);
            if (1UL << shift == size)
            {
                space.Write(entry, Valid | Leaf | target | bits);
                return entry;
            }

            int nextBits = shift == 21 && size == Size64K ? 5 : 9;
            ulong value = space.Read(entry);
            if ((value & Leaf) != 0 || ((value & Valid) != 0 && (int)(value & 31) != nextBits))
                throw new ArgumentException($"0x{address:x}: another page size is mapped beside");
            if (value == 0)
                space.Write(entry, value = Valid | space.Allocate(8UL << nextBits) | (uint)nextBits);
            table = value & 0x0FFFFFFFFFFFFF00;
            indexBits = nextBits;
        }
    }

    /// <summary>Maps a range with pages of one size; returns the entry of the first.</summary>
    public ulong MapRange(ulong address, ulong target, ulong length, ulong size, ulong bits)
    {
        ulong first = Map(address, target, size, bits);
        for (ulong done = size; done < length; done += size)
            Map(address + done, target + done, size, bits);
        return first;
    }
}
