using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>Snapshots: entries by effective and real page; host addresses are made anew.</summary>
public sealed unsafe partial class AddressSpace
{
    private const ulong PageMask = ~0xFFFUL;

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Key);
        writer.Write(LastUse);
        writer.Write(Empty);
        SaveData(writer);
        SaveCode(writer);
    }

    internal void Load(SnapshotReader reader, PhysicalMemory memory)
    {
        Key = reader.ReadUInt64();
        LastUse = reader.ReadInt64();
        Empty = reader.ReadBool();
        LoadData(reader, memory);
        LoadCode(reader, memory);
    }

    private void SaveData(SnapshotWriter writer)
    {
        int count = 0;
        for (int n = 0; n < TlbEntry.Count; n++)
            count += IsValid(Data + n) ? 1 : 0;
        writer.Write(count);
        for (int n = 0; n < TlbEntry.Count; n++)
        {
            TlbEntry* entry = Data + n;
            if (!IsValid(entry))
                continue;
            writer.Write(entry->ReadTag);
            writer.Write(entry->WriteTag);
            writer.Write(entry->RealPage);
        }
    }

    private void LoadData(SnapshotReader reader, PhysicalMemory memory)
    {
        for (int left = reader.ReadCount(TlbEntry.Count); left > 0; left--)
        {
            ulong read = reader.ReadUInt64();
            ulong write = reader.ReadUInt64();
            ulong realPage = reader.ReadUInt64();
            RamRange range = RangeOf(reader, memory, realPage);
            ulong page = read != TlbEntry.Invalid ? read : write;
            if ((page & ~PageMask) != 0 || (write != TlbEntry.Invalid && write != page))
                throw reader.Problem($"no translation leads from 0x{read:x}, 0x{write:x} to 0x{realPage:x}");
            TlbEntry* entry = Data + ((page >> 12) & (TlbEntry.Count - 1));
            PageInfo* info = range.Pages + ((realPage - range.Base) >> 12);
            entry->ReadTag = read;
            entry->WriteTag = info->Code == null ? write : TlbEntry.Invalid;
            if (entry->WriteTag != TlbEntry.Invalid)
                info->Writers |= 1UL << Id;
            entry->Addend = (nint)(range.Host + (realPage - range.Base)) - (nint)page;
            entry->RealPage = realPage;
        }
    }

    private void SaveCode(SnapshotWriter writer)
    {
        int count = 0;
        for (int n = 0; n < CodeTlbEntry.Count; n++)
            count += Code[n].Tag != TlbEntry.Invalid ? 1 : 0;
        writer.Write(count);
        for (int n = 0; n < CodeTlbEntry.Count; n++)
        {
            if (Code[n].Tag == TlbEntry.Invalid)
                continue;
            CodePage* page = CodeCache.PageOf(Code[n].Slots);
            writer.Write(Code[n].Tag);
            writer.Write(page->RealPage);
            writer.Write(page->Mode);
        }
    }

    private void LoadCode(SnapshotReader reader, PhysicalMemory memory)
    {
        for (int left = reader.ReadCount(CodeTlbEntry.Count); left > 0; left--)
        {
            ulong tag = reader.ReadUInt64();
            ulong realPage = reader.ReadUInt64();
            int mode = reader.ReadInt32();
            RamRange range = RangeOf(reader, memory, realPage);
            if ((tag & ~PageMask) != 0 || (uint)mode >= DecodeMode.Count)
                throw reader.Problem($"no code page at 0x{tag:x} in mode {mode}");
            CodeTlbEntry* entry = Code + ((tag >> 12) & (CodeTlbEntry.Count - 1));
            entry->Slots = memory.Code.Get(range, realPage, mode)->Slots;
            entry->Tag = tag;
        }
    }

    private static RamRange RangeOf(SnapshotReader reader, PhysicalMemory memory, ulong realPage)
    {
        RamRange? range = memory.FindRam(realPage);
        return range is not null && (realPage & ~PageMask) == 0 ? range : throw reader.Problem($"there is no page of RAM at 0x{realPage:x}");
    }

    private static bool IsValid(TlbEntry* entry) => entry->ReadTag != TlbEntry.Invalid || entry->WriteTag != TlbEntry.Invalid;
}
