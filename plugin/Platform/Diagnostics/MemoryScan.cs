using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Looks for a byte pattern in all normal memory.</summary>
public static unsafe class MemoryScan
{
    private const int Block = 1 << 20;

    /// <summary>Real addresses of all places where the pattern stands, at most <paramref name="limit"/>.</summary>
    public static IReadOnlyList<ulong> Find(PhysicalMemory memory, ReadOnlySpan<byte> pattern, int limit = 16)
    {
        var found = new List<ulong>();
        foreach (RamRange range in memory.Ranges)
        {
            if (range.Secure)
                continue;
            for (ulong offset = 0; offset < range.Size && found.Count < limit; offset += Block)
            {
                // Blocks overlap by the pattern's length, so that none is missed where they meet.
                ulong length = Math.Min((ulong)(Block + pattern.Length - 1), range.Size - offset);
                var bytes = new ReadOnlySpan<byte>(range.Host + offset, (int)length);
                int start = 0;
                while (found.Count < limit && start < bytes.Length)
                {
                    int at = bytes[start..].IndexOf(pattern);
                    if (at < 0)
                        break;
                    found.Add(range.Base + offset + (ulong)(start + at));
                    start += at + 1;
                }
            }
        }

        return found;
    }
}
