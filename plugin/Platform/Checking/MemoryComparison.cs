using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Checking;

/// <summary>Compares the memory of two machines, what was never written apart.</summary>
internal static unsafe class MemoryComparison
{
    /// <summary>The first real address of a doubleword that differs, and in how many pages of 4 KiB something does; null if all is equal.</summary>
    public static (ulong Real, ulong One, ulong Other, int Pages)? Difference(PhysicalMemory one, PhysicalMemory other)
    {
        (ulong Real, ulong One, ulong Other)? first = null;
        int pages = 0;
        for (int n = 0; n < one.Ranges.Count; n++)
        {
            (RamRange left, RamRange right) = (one.Ranges[n], other.Ranges[n]);
            foreach ((ulong offset, ulong length) in Both(Used(left), Used(right)))
            {
                if (Same(left, right, offset, length))
                    continue;
                for (ulong at = offset; at < offset + length; at += 0x1000)
                {
                    if (Same(left, right, at, 0x1000))
                        continue;
                    pages++;
                    first ??= Doubleword(left, right, at);
                }
            }
        }

        return first is { } found ? (found.Real, found.One, found.Other, pages) : null;
    }

    private static IReadOnlyList<(ulong Offset, ulong Length)> Used(RamRange range) => range.HostIfGiven == null ? [] : HostPages.Used(range.Host, range.Size, PhysicalMemory.Unit);

    // Parts that either has, each once.
    private static IEnumerable<(ulong Offset, ulong Length)> Both(IEnumerable<(ulong Offset, ulong Length)> one, IEnumerable<(ulong Offset, ulong Length)> other)
    {
        ulong done = 0;
        foreach ((ulong offset, ulong length) in one.Concat(other).OrderBy(part => part.Offset))
        {
            ulong begin = Math.Max(offset, done);
            if (begin >= offset + length)
                continue;
            done = offset + length;
            yield return (begin, done - begin);
        }
    }

    // A span is shorter than a range may be.
    private static bool Same(RamRange left, RamRange right, ulong offset, ulong length)
    {
        const ulong Most = 1 << 30;
        for (ulong at = offset; at < offset + length; at += Most)
        {
            int size = (int)Math.Min(Most, offset + length - at);
            if (!new ReadOnlySpan<byte>(left.Host + at, size).SequenceEqual(new ReadOnlySpan<byte>(right.Host + at, size)))
                return false;
        }

        return true;
    }

    private static (ulong Real, ulong One, ulong Other) Doubleword(RamRange left, RamRange right, ulong offset)
    {
        while (*(ulong*)(left.Host + offset) == *(ulong*)(right.Host + offset))
            offset += sizeof(ulong);
        return (left.Base + offset, *(ulong*)(left.Host + offset), *(ulong*)(right.Host + offset));
    }
}
