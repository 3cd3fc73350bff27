using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>Snapshots: all spaces with their age, so that the same one is given up next.</summary>
public sealed partial class AddressSpaces
{
    private const string SnapshotTag = "spaces";

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(clock);
        writer.Write(spaces.Count);
        foreach (AddressSpace space in spaces)
            space.Save(writer);
        writer.End();
    }

    internal void Load(SnapshotReader reader, PhysicalMemory memory)
    {
        reader.Begin(SnapshotTag);
        Dispose();
        clock = reader.ReadInt64();
        for (int left = reader.ReadCount(Limit); left > 0; left--)
        {
            var space = new AddressSpace(spaces.Count);
            spaces.Add(space);
            space.Load(reader, memory);
        }

        reader.End();
    }

    /// <summary>The space that a number in a snapshot names.</summary>
    internal AddressSpace Find(SnapshotReader reader)
    {
        int id = reader.ReadInt32();
        return (uint)id < (uint)spaces.Count ? spaces[id] : throw reader.Problem($"there is no address space {id}");
    }
}
