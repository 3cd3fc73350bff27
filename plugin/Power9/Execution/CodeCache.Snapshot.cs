using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// Snapshots: which pages are decoded, and how much was stored to them. Stores to such a page walk the tables each time, which sets reference and change bits, so a run shows it.
/// </summary>
public sealed unsafe partial class CodeCache
{
    private const string SnapshotTag = "code pages";
    private const int SnapshotVersion = 2;

    /// <summary>Writes the pages.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag, SnapshotVersion);
        writer.Write(pages.Count);
        foreach (nint address in pages)
        {
            var page = (CodePage*)address;
            writer.Write(page->RealPage);
            writer.Write(page->Mode);
            writer.Write(page->Stored);
        }

        writer.End();
    }

    /// <summary>Reads them. Before the CPUs, after the contents of memory.</summary>
    /// <exception cref="SnapshotException">The snapshot does not fit.</exception>
    public void Load(SnapshotReader reader, PhysicalMemory memory)
    {
        int version = reader.Begin(SnapshotTag, SnapshotVersion);
        for (int left = reader.ReadCount(Limit); left > 0; left--)
        {
            ulong realPage = reader.ReadUInt64();
            int mode = reader.ReadInt32();
            int stored = version < 2 ? 0 : reader.ReadInt32();
            if ((realPage & 0xFFF) != 0 || memory.FindRam(realPage) is not { } range || (uint)mode >= Isa.DecodeMode.Count)
                throw reader.Problem($"no code page at 0x{realPage:x} in mode {mode}");
            Get(range, realPage, mode)->Stored = stored;
        }

        reader.End();
    }
}
