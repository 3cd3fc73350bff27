using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Snapshots.</summary>
public sealed partial class Svm
{
    private const string SnapshotTag = "svm";

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(Lpid);
        Tree.Save(writer);
        writer.Write(Crypto.Number);
        Crypto.Save(writer);
        writer.Write((long)State);
        writer.Write(Replay.Number);
        writer.Write(Replay.Nia);
        writer.Write(slots.Count);
        foreach (MemorySlot slot in slots)
            slot.Save(writer);
        writer.Write(Rtas is not null);
        Rtas?.Save(writer);
        writer.End();
    }

    internal static Svm Load(SnapshotReader reader, SecureMemoryController controller, SecureHeap heap, ReadOnlySpan<byte> key)
    {
        reader.Begin(SnapshotTag);
        var svm = new Svm(reader.ReadUInt64(), new RadixTree(heap, reader), new PageCrypto(key, reader.ReadUInt64()));
        svm.Crypto.Load(reader);
        svm.State = reader.ReadEnum<SvmState>();
        svm.Replay = (reader.ReadUInt64(), reader.ReadUInt64());
        for (int left = reader.ReadCount((int)MemorySlot.MaximumId + 1); left > 0; left--)
            svm.Add(MemorySlot.Load(reader, controller));
        if (reader.ReadBool())
            svm.Rtas = RtasService.Load(reader);
        reader.End();
        return svm;
    }
}
