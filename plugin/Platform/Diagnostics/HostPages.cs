using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>
/// Tells which memory of this process the host has given pages for. Of RAM that was asked for zeroed, the rest is all zero, and looking at it would cost
/// page faults: most of a machine's memory is never used. Linux says so in /proc/self/pagemap; elsewhere everything counts as used.
/// </summary>
public static unsafe class HostPages
{
    // Linux Documentation/admin-guide/mm/pagemap.rst: bit 63 page present, bit 62 page swapped.
    private const ulong Given = 3UL << 62;
    private const int EntriesAtOnce = 1 << 16;

    /// <summary>The parts of some memory that may have been written to, in order.</summary>
    /// <param name="bytes">The memory, zeroed when it was asked for.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="unit">Parts begin and end at multiples of this, a multiple of the host's page size, from the beginning; the last one may end earlier.</param>
    public static IReadOnlyList<(ulong Offset, ulong Length)> Used(byte* bytes, ulong length, ulong unit)
    {
        var parts = new List<(ulong Offset, ulong Length)>();
        ulong pageSize = (ulong)Environment.SystemPageSize;
        ulong first = (ulong)bytes / pageSize;
        ulong count = length == 0 ? 0 : (((ulong)bytes + length - 1) / pageSize) - first + 1;
        var entries = new ulong[Math.Min(count, EntriesAtOnce)];
        using SafeFileHandle? pagemap = Open();
        for (ulong done = 0; done < count; done += (ulong)entries.Length)
        {
            Span<ulong> here = entries.AsSpan(0, (int)Math.Min(count - done, (ulong)entries.Length));
            Span<byte> raw = MemoryMarshal.AsBytes(here);
            if (pagemap is null || RandomAccess.Read(pagemap, raw, (long)(first + done) * sizeof(ulong)) != raw.Length)
                return [(0, length)];
            for (int n = 0; n < here.Length; n++)
            {
                if ((here[n] & Given) == 0)
                    continue;

                // The memory may begin and end within a page of the host, and a page may lie in two units.
                ulong page = (first + done + (ulong)n) * pageSize;
                ulong begin = Math.Max(page, (ulong)bytes) - (ulong)bytes;
                ulong last = Math.Min(page + pageSize - (ulong)bytes, length) - 1;
                Add(parts, begin / unit * unit, Math.Min(((last / unit) + 1) * unit, length));
            }
        }

        return parts;
    }

    private static void Add(List<(ulong Offset, ulong Length)> parts, ulong begin, ulong end)
    {
        if (parts.Count > 0 && begin <= parts[^1].Offset + parts[^1].Length)
            parts[^1] = (parts[^1].Offset, Math.Max(end, parts[^1].Offset + parts[^1].Length) - parts[^1].Offset);
        else
            parts.Add((begin, end - begin));
    }

    private static SafeFileHandle? Open()
    {
        const string Path = "/proc/self/pagemap";
        try
        {
            return File.Exists(Path) ? File.OpenHandle(Path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
