using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Whom events are for (NVT): a thread of the machine, a vCPU, or a pool. It is on a thread while the thread's ring has its number.</summary>
public sealed class VirtualProcessor(uint index)
{
    private readonly EventQueue[] queues = new EventQueue[XiveMap.Priorities];

    /// <summary>Number; also what rings compare.</summary>
    public uint Index { get; } = index;

    /// <summary>Takes events.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>Priorities that arrived while it was on no thread, bit 0x80 for priority 0 (word 4, IPB).</summary>
    public byte Backlog { get; set; }

    /// <summary>Where a thread reports its state, as software gave it; no operation that reports is there.</summary>
    public ulong ReportLine { get; set; }

    /// <summary>The event queue of a priority.</summary>
    public ref EventQueue Queue(int priority) => ref queues[priority];

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Index);
        writer.Write(IsEnabled);
        writer.Write(Backlog);
        writer.Write(ReportLine);
        foreach (EventQueue queue in queues)
            queue.Save(writer);
    }

    internal static VirtualProcessor Load(SnapshotReader reader)
    {
        uint index = reader.ReadUInt32();
        if (index >= XiveMap.VirtualProcessors)
            throw reader.Problem($"there is no virtual processor 0x{index:x}");
        var made = new VirtualProcessor(index) { IsEnabled = reader.ReadBool(), Backlog = reader.ReadByte(), ReportLine = reader.ReadUInt64() };
        for (int priority = 0; priority < made.queues.Length; priority++)
        {
            made.queues[priority] = EventQueue.Load(reader);
            if (made.queues[priority] is { HasRing: true, SizeShift: < 12 or > 24 })
                throw reader.Problem($"an event queue of virtual processor 0x{index:x} can't have that size");
        }

        return made;
    }
}
