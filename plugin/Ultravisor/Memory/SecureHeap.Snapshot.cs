using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>Snapshots: free blocks in the order in which they are handed out.</summary>
public sealed unsafe partial class SecureHeap
{
    private const string SnapshotTag = "secure heap";

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(ranges.Length);
        foreach (RamRange one in ranges)
        {
            writer.Write(one.Base);
            writer.Write(one.Size);
        }

        writer.Write(Overcommit);
        writer.Write(Unallocated);
        writer.Write(Promised);
        writer.Write(range);
        writer.Write(next);
        writer.Write(free.Count);
        foreach ((ulong size, Stack<ulong> blocks) in free.OrderBy(entry => entry.Key))
        {
            writer.Write(size);
            writer.Write(blocks.Count);
            foreach (ulong block in blocks.Reverse())
                writer.Write(block);
        }

        writer.End();
    }

    internal void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        int count = reader.ReadInt32();
        if (count != ranges.Length)
            throw reader.Problem($"{count} ranges of secure memory, this machine has {ranges.Length}");
        foreach (RamRange one in ranges)
        {
            reader.Expect("a base of secure memory", one.Base);
            reader.Expect("a size of secure memory", one.Size);
        }

        Overcommit = reader.ReadBool();
        Unallocated = reader.ReadUInt64();
        Promised = reader.ReadUInt64();
        range = reader.ReadInt32();
        next = reader.ReadUInt64();
        if ((uint)range > (uint)ranges.Length || (range < ranges.Length && next - ranges[range].Base > ranges[range].Size))
            throw reader.Problem($"next frame 0x{next:x} of range {range} is not in secure memory");
        free.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            LoadBlocks(reader);
        reader.End();
    }

    private void LoadBlocks(SnapshotReader reader)
    {
        ulong size = reader.ReadUInt64();
        int count = reader.ReadCount(int.MaxValue, sizeof(ulong));
        var blocks = new Stack<ulong>(count);
        for (; count > 0; count--)
        {
            ulong block = reader.ReadUInt64();
            if (size > FrameSize || Pointer(block, size) == null)
                throw reader.Problem($"free block 0x{block:x} of 0x{size:x} bytes is not in secure memory");
            blocks.Push(block);
        }

        free[size] = blocks;
    }
}
