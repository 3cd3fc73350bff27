namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// Page sizes of hash translation on POWER9, as powers of two: base size of a segment by L || LP, actual size of a page in it by LP of the page table entry.
/// The encodings are the implementation's; firmware tells them to Linux in ibm,segment-page-sizes.
/// </summary>
public static class HashPageSizes
{
    /// <summary>4 KiB.</summary>
    public const int Smallest = 12;

    // Base page shift, L || LP as in a segment descriptor, actual page shift, LP. A page of the base size 4 KiB itself has L=0 and so no LP.
    private static readonly (int Base, ulong Segment, int Actual, ulong Encoding)[] Rows =
    [
        (12, 0x000, 16, 0x07),
        (12, 0x000, 24, 0x38),
        (16, 0x110, 16, 0x01),
        (16, 0x110, 24, 0x08),
        (24, 0x100, 24, 0x00),
        (34, 0x120, 34, 0x03),
    ];

    /// <summary>Base page shift of a segment descriptor, or 0 for a reserved L || LP.</summary>
    public static int Base(ulong descriptor)
    {
        foreach ((int shift, ulong segment, _, _) in Rows)
        {
            if (segment == (descriptor & SegmentDescriptor.PageSize))
                return shift;
        }

        return 0;
    }

    /// <summary>Actual page shift of a page table entry in a segment of a base page shift; 0 if the entry is not of that base page size, and so is no match.</summary>
    public static int Actual(int baseShift, ulong dw0, ulong dw1)
    {
        if ((dw0 & HashFormat.Large) == 0)
            return baseShift == Smallest ? Smallest : 0;
        foreach ((int rowBase, _, int actual, ulong encoding) in Rows)
        {
            if (rowBase == baseShift && Matches(dw1 >> HashFormat.PageSizeShift, actual, encoding))
                return actual;
        }

        return 0;
    }

    /// <summary>Largest actual page shift that an LP can mean, whatever the base page size, and at least that of 64 KiB: what tlbie with L=1 has to drop.</summary>
    public static int Largest(ulong encoded)
    {
        int largest = 16;
        foreach ((_, _, int actual, ulong encoding) in Rows)
        {
            if (Matches(encoded, actual, encoding))
                largest = Math.Max(largest, actual);
        }

        return largest;
    }

    // As many bits of LP count as the page has more than 4 KiB.
    private static bool Matches(ulong encoded, int actual, ulong encoding)
    {
        ulong counting = HashFormat.PageSizeMask & ((1UL << (actual - Smallest)) - 1);
        return (encoded & counting) == encoding;
    }
}
