using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>A range of guest real memory that the hypervisor registered.</summary>
public sealed class MemorySlot(ulong id, ulong gpa, ulong size)
{
    /// <summary>Slot ids are 16 bits.</summary>
    public const ulong MaximumId = 0xFFFF;

    /// <summary>The hypervisor's number for it.</summary>
    public ulong Id { get; } = id;

    /// <summary>First guest real address, a multiple of 64 KiB.</summary>
    public ulong Gpa { get; } = gpa;

    /// <summary>Bytes, a multiple of 64 KiB.</summary>
    public ulong Size { get; } = size;

    /// <summary>Bytes of secure memory promised: whole units of 2 MiB.</summary>
    public ulong Charge { get; } = (size + SecureHeap.ChargeUnit - 1) & ~(SecureHeap.ChargeUnit - 1);

    /// <summary>One record for each frame.</summary>
    public GuestFrame[] Frames { get; } = new GuestFrame[size / SecureHeap.FrameSize];

    /// <summary>Whether an address lies in the slot.</summary>
    public bool Contains(ulong address) => address - Gpa < Size;

    /// <summary>Whether two slots overlap.</summary>
    public bool Overlaps(ulong otherGpa, ulong otherSize) => Gpa < otherGpa + otherSize && otherGpa < Gpa + Size;

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Id);
        writer.Write(Gpa);
        writer.Write(Frames.Length);
        foreach (ref readonly GuestFrame frame in Frames.AsSpan())
            GuestFrameSnapshot.Save(frame, writer);
    }

    internal static MemorySlot Load(SnapshotReader reader, SecureMemoryController controller)
    {
        ulong id = reader.ReadUInt64();
        ulong gpa = reader.ReadUInt64();
        int count = reader.ReadCount(int.MaxValue, GuestFrameSnapshot.LeastSize);
        var slot = new MemorySlot(id, gpa, (ulong)count * SecureHeap.FrameSize);
        foreach (ref GuestFrame frame in slot.Frames.AsSpan())
            frame = GuestFrameSnapshot.Load(reader, controller);
        return slot;
    }
}
