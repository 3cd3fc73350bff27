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
        List<(ulong Base, ulong Size)> stretches = Stretches();
        writer.Write((ulong)stretches.Count);
        foreach ((ulong start, ulong size) in stretches)
        {
            writer.Write(start);
            writer.Write(size);
        }

        writer.Write(Overcommit);
        writer.Write(Unallocated);
        writer.Write(Promised);
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
        List<(ulong Base, ulong Size)> stretches = Stretches();
        reader.Expect("the number of stretches of secure memory", (ulong)stretches.Count);
        foreach ((ulong start, ulong size) in stretches)
        {
            reader.Expect("a base of secure memory", start);
            reader.Expect("a size of secure memory", size);
        }

        Overcommit = reader.ReadBool();
        Unallocated = reader.ReadUInt64();
        Promised = reader.ReadUInt64();
        next = reader.ReadUInt64();
        range = Array.FindIndex(ranges, one => next - one.Base <= one.Size);
        if (range < 0)
            throw reader.Problem($"next frame 0x{next:x} is not in secure memory");
        free.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            LoadBlocks(reader);
        reader.End();
    }

    // Ranges that lie side by side as one: how a host cuts its memory up is no matter of the machine.
    private List<(ulong Base, ulong Size)> Stretches()
    {
        var stretches = new List<(ulong Base, ulong Size)>();
        foreach (RamRange one in ranges)
        {
            if (stretches.Count > 0 && stretches[^1].Base + stretches[^1].Size == one.Base)
                stretches[^1] = (stretches[^1].Base, stretches[^1].Size + one.Size);
            else
                stretches.Add((one.Base, one.Size));
        }

        return stretches;
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
