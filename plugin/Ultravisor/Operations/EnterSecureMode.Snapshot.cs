using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Rtas;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Snapshots.</summary>
internal sealed partial class EnterSecureMode
{
    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Write(kernelBase);
        writer.Write(treeAddress);
        writer.Write((long)phase);
        writer.Write(tree is not null);
        if (tree is not null)
            writer.Write(FdtWriter.Write(tree));
        writer.Write(treeSize);
        writer.Write(rtas is not null);
        rtas?.Save(writer);
        writer.Write(sharedPages);
        writer.Write(slot);
        writer.Write(frame);
        writer.Write(wanted);
    }

    public static EnterSecureMode Load(SnapshotReader reader)
    {
        var operation = new EnterSecureMode(reader.ReadUInt64(), reader.ReadUInt64())
        {
            phase = reader.ReadEnum<Phase>(),
            tree = reader.ReadBool() ? ReadTree(reader) : null,
            treeSize = reader.ReadUInt32(),
            rtas = reader.ReadBool() ? RtasService.Load(reader) : null,
            sharedPages = reader.ReadInt32(),
            slot = reader.ReadInt32(),
            frame = reader.ReadInt32(),
            wanted = reader.ReadUInt64(),
        };
        bool complete = operation.phase < Phase.ShareRtas || (operation.tree is not null && operation.rtas is not null);
        return complete && operation.treeSize <= MaximumTree && (operation.sharedPages | operation.slot | operation.frame) >= 0
            ? operation
            : throw reader.Problem($"step {operation.phase} of UV_ESM lacks what the steps before it made");
    }

    private static FdtTree ReadTree(SnapshotReader reader)
    {
        try
        {
            return FdtReader.Read(reader.ReadBytes());
        }
        catch (FdtException problem)
        {
            throw reader.Problem($"device tree: {problem.Message}");
        }
    }
}
