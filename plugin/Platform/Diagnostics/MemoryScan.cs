using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Looks for a byte pattern in all normal memory.</summary>
public static unsafe class MemoryScan
{
    private const ulong Block = 1 << 20;

    /// <summary>Real addresses of all places where the pattern stands, at most <paramref name="limit"/>.</summary>
    public static IReadOnlyList<ulong> Find(PhysicalMemory memory, ReadOnlySpan<byte> pattern, int limit = 16)
    {
        var found = new List<ulong>();
        byte[] copy = [];
        foreach ((ulong start, ulong end) in Stretches(memory, pattern))
        {
            for (ulong at = start; at < end && found.Count < limit; at += Block)
            {
                // Blocks overlap by the pattern's length, so that none is missed where they meet.
                ulong length = Math.Min(Block + (ulong)pattern.Length - 1, end - at);
                byte* whole = memory.Pointer(at, length);
                if (whole == null && copy.Length < (int)length)
                    copy = new byte[length];
                Span<byte> bytes = whole != null ? new Span<byte>(whole, (int)length) : copy.AsSpan(0, (int)length);
                if (whole == null)
                    memory.CopyOut(at, bytes);
                FindIn(bytes, at, pattern, limit, found);
            }
        }

        return found;
    }

    private static void FindIn(ReadOnlySpan<byte> bytes, ulong address, ReadOnlySpan<byte> pattern, int limit, List<ulong> found)
    {
        int start = 0;
        while (found.Count < limit && start < bytes.Length)
        {
            int at = bytes[start..].IndexOf(pattern);
            if (at < 0)
                return;
            found.Add(address + (ulong)(start + at));
            start += at + 1;
        }
    }

    // Where the pattern may stand: memory that was never used is all zero. Stretches reach beyond what was used by as much as a pattern may.
    private static List<(ulong Start, ulong End)> Stretches(PhysicalMemory memory, ReadOnlySpan<byte> pattern)
    {
        List<(ulong Start, ulong End)> runs = NormalRuns(memory);
        if (!pattern.ContainsAnyExcept((byte)0))
            return runs;
        ulong beyond = (ulong)pattern.Length - 1;
        var stretches = new List<(ulong Start, ulong End)>();
        foreach (RamRange range in memory.Ranges.Where(range => !range.Secure))
        {
            (ulong first, ulong end) = runs.Find(run => range.Base - run.Start < run.End - run.Start);
            foreach ((ulong offset, ulong length) in range.IsOwned ? HostPages.Used(range.Host, range.Size, PhysicalMemory.Unit) : [(0, range.Size)])
            {
                ulong begin = range.Base + offset;
                ulong from = begin - first < beyond ? first : begin - beyond;
                ulong to = end - (begin + length) < beyond ? end : begin + length + beyond;
                if (stretches.Count > 0 && from <= stretches[^1].End)
                    stretches[^1] = (stretches[^1].Start, to);
                else
                    stretches.Add((from, to));
            }
        }

        return stretches;
    }

    // Contiguous ranges are one run: a pattern may stand across their border.
    private static List<(ulong Start, ulong End)> NormalRuns(PhysicalMemory memory)
    {
        var runs = new List<(ulong Start, ulong End)>();
        foreach (RamRange range in memory.Ranges)
        {
            if (range.Secure)
                continue;
            if (runs.Count > 0 && runs[^1].End == range.Base)
                runs[^1] = (runs[^1].Start, range.Base + range.Size);
            else
                runs.Add((range.Base, range.Base + range.Size));
        }

        return runs;
    }
}
