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

    /// <summary>
    /// Reads them. Before the CPUs, after the contents of memory. A cache that was in use keeps what it has of these pages, traces too, and gives up all others.
    /// </summary>
    /// <exception cref="SnapshotException">The snapshot does not fit.</exception>
    public void Load(SnapshotReader reader, PhysicalMemory memory)
    {
        int version = reader.Begin(SnapshotTag, SnapshotVersion);
        var before = new HashSet<nint>(pages);
        pages.Clear();
        for (int left = reader.ReadCount(Limit); left > 0; left--)
        {
            ulong realPage = reader.ReadUInt64();
            int mode = reader.ReadInt32();
            int stored = version < 2 ? 0 : reader.ReadInt32();
            if ((realPage & 0xFFF) != 0 || memory.FindRam(realPage) is not { } range || (uint)mode >= Isa.DecodeMode.Count)
                throw reader.Problem($"no code page at 0x{realPage:x} in mode {mode}");
            CodePage* page = Find(range, realPage, mode);
            if (page == null)
                page = Make(range, realPage, mode);
            else if (before.Remove((nint)page))
                pages.Add((nint)page);
            else
                throw reader.Problem($"code page at 0x{realPage:x} twice");
            page->Stored = stored;
        }

        foreach (nint page in before)
            Free((CodePage*)page);
        reader.End();
    }
}
