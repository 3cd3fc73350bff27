using System.Diagnostics.CodeAnalysis;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// All virtual processors: those of threads, there from power-on, and blocks that software allocates. Identifiers of OPAL: a thread's is its PIR; of a block of order o
/// bit 1 is set, bits 3:7 are o and bits 8:31 the number (skiboot hw/xive.c, xive_decode_vp).
/// </summary>
public sealed class VirtualProcessors : ISnapshotted
{
    private const uint GroupBit = 0x8000_0000;
    private const uint VirtualBit = 0x4000_0000;
    private const int OrderShift = 24;
    private const uint OrderMask = 0x1F;
    private const uint IndexMask = 0x00FF_FFFF;
    private const int LeastOrder = 1;

    private readonly SortedDictionary<uint, VirtualProcessor> all = [];

    // Blocks by their first number.
    private readonly SortedDictionary<uint, int> blocks = [];
    private readonly SortedSet<uint> threads = [];

    /// <summary>Those that exist.</summary>
    public IEnumerable<VirtualProcessor> All => all.Values;

    /// <summary>Declares a thread.</summary>
    public void AddThread(uint pir)
    {
        threads.Add(pir);
        all.Add(XiveMap.OfThread(pir), NewThread(pir));
    }

    /// <summary>Forgets all blocks and what was set up for threads.</summary>
    public void Reset()
    {
        all.Clear();
        blocks.Clear();
        foreach (uint pir in threads)
            all.Add(XiveMap.OfThread(pir), NewThread(pir));
    }

    /// <summary>By number.</summary>
    public bool TryGet(uint index, [MaybeNullWhen(false)] out VirtualProcessor found) => all.TryGetValue(index, out found);

    /// <summary>By OPAL's identifier.</summary>
    public bool TryDecode(ulong identifier, [MaybeNullWhen(false)] out VirtualProcessor found)
    {
        uint id = (uint)identifier;
        found = null;
        if ((id & GroupBit) != 0)
            return false;
        uint index = id & IndexMask;
        if ((id & VirtualBit) == 0)
            return threads.Contains(index) && all.TryGetValue(XiveMap.OfThread(index), out found);
        return OrderOf(id) >= LeastOrder && !IsThread(index) && all.TryGetValue(index, out found);
    }

    /// <summary>OPAL's identifier.</summary>
    public uint Encode(uint index)
    {
        foreach (uint pir in threads)
        {
            if (XiveMap.OfThread(pir) == index)
                return pir;
        }

        KeyValuePair<uint, int> block = blocks.LastOrDefault(block => block.Key <= index);
        return VirtualBit | ((uint)block.Value << OrderShift) | index;
    }

    /// <summary>Makes a block of 1 &lt;&lt; <paramref name="order"/> at a multiple of its size. False: no room.</summary>
    public bool TryAllocate(uint order, out uint identifier)
    {
        identifier = 0;
        int clamped = (int)Math.Clamp(order, LeastOrder, XiveMap.VirtualProcessorOrder + 1);
        if (clamped > XiveMap.VirtualProcessorOrder || FindRoom(clamped) is not { } first)
            return false;
        blocks.Add(first, clamped);
        for (uint index = first; index < first + (1U << clamped); index++)
            all.Add(index, new VirtualProcessor(index));
        identifier = Encode(first);
        return true;
    }

    /// <summary>The virtual processors of a block, by the identifier of its first; null if there is no such block.</summary>
    public IEnumerable<VirtualProcessor>? Block(ulong identifier)
    {
        uint id = (uint)identifier;
        uint first = id & IndexMask;
        if ((id & (GroupBit | VirtualBit)) != VirtualBit || !blocks.TryGetValue(first, out int order) || OrderOf(id) != order)
            return null;
        return Enumerable.Range((int)first, 1 << order).Select(index => all[(uint)index]);
    }

    /// <summary>Frees a block that <see cref="Block"/> knows.</summary>
    public void Free(ulong identifier)
    {
        uint first = (uint)identifier & IndexMask;
        for (uint index = first; index < first + (1U << blocks[first]); index++)
            all.Remove(index);
        blocks.Remove(first);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(blocks.Count);
        foreach ((uint first, int order) in blocks)
        {
            writer.Write(first);
            writer.Write(order);
        }

        writer.Write(all.Count);
        foreach (VirtualProcessor one in all.Values)
            one.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        Reset();
        for (int left = reader.ReadCount((int)XiveMap.VirtualProcessors, 2 * sizeof(int)); left > 0; left--)
        {
            uint first = reader.ReadUInt32();
            int order = reader.ReadInt32();
            if (order is < LeastOrder or > XiveMap.VirtualProcessorOrder || first % (1U << order) != 0 || first + (1U << order) > XiveMap.VirtualProcessors || !blocks.TryAdd(first, order))
                throw reader.Problem($"there can't be a block of virtual processors of order {order} at 0x{first:x}");
        }

        long expected = threads.Count + blocks.Values.Sum(order => 1L << order);
        int count = reader.ReadCount((int)XiveMap.VirtualProcessors);
        if (count != expected)
            throw reader.Problem($"{expected} virtual processors were expected here, found {count}");
        all.Clear();
        for (; count > 0; count--)
        {
            VirtualProcessor one = VirtualProcessor.Load(reader);
            if (!all.TryAdd(one.Index, one))
                throw reader.Problem($"virtual processor 0x{one.Index:x} is there twice");
        }
    }

    private static uint OrderOf(uint identifier) => (identifier >> OrderShift) & OrderMask;

    private static bool IsThread(uint index) => index is >= XiveMap.ThreadBase and < 2 * XiveMap.ThreadBase;

    private static VirtualProcessor NewThread(uint pir) => new(XiveMap.OfThread(pir)) { IsEnabled = true };

    // The first place in order; number 0 is left out, for an unrouted source's event queue is 0.
    private uint? FindRoom(int order)
    {
        uint size = 1U << order;
        uint at = size;
        foreach ((uint first, uint end) in Taken())
        {
            if (first >= at + size)
                break;
            if (end > at)
                at = (end + size - 1) & ~(size - 1);
        }

        return at + size <= XiveMap.VirtualProcessors ? at : null;
    }

    // What is taken, in order; the threads' place among the blocks.
    private IEnumerable<(uint First, uint End)> Taken()
    {
        bool told = false;
        foreach ((uint first, int order) in blocks)
        {
            if (!told && first >= XiveMap.ThreadBase)
            {
                told = true;
                yield return (XiveMap.ThreadBase, 2 * XiveMap.ThreadBase);
            }

            yield return (first, first + (1U << order));
        }

        if (!told)
            yield return (XiveMap.ThreadBase, 2 * XiveMap.ThreadBase);
    }
}
