using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Rtas;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Snapshots.</summary>
internal sealed partial class RtasExchange
{
    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Write(guestBlock);
        writer.Write((long)phase);
        writer.Write(block is not null);
        if (block is not null)
            writer.Write(block.ToBytes());
        writer.Write(name);
        writer.Write(sharedBlock);
        writer.Write(waiting);
        writer.Write(result);
        writer.Write(bounces.Count);
        foreach (Bounce bounce in bounces)
        {
            writer.Write(bounce.Guest);
            writer.Write(bounce.Shared);
            writer.Write(bounce.Length);
            writer.Write((long)bounce.Flow);
            writer.Write((long)bounce.Content);
        }
    }

    public static RtasExchange Load(SnapshotReader reader)
    {
        var exchange = new RtasExchange(reader.ReadUInt64())
        {
            phase = reader.ReadEnum<Phase>(),
            block = reader.ReadBool() ? ReadBlock(reader) : null,
            name = reader.ReadText(),
            sharedBlock = reader.ReadUInt64(),
            waiting = reader.ReadBool(),
            result = reader.ReadInt64(),
        };
        if (exchange.phase != Phase.Read && exchange.block is null)
            throw reader.Problem($"step {exchange.phase} of an RTAS call lacks its arguments");
        for (int left = reader.ReadCount(RtasArguments.Maximum); left > 0; left--)
        {
            var bounce = new Bounce(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadEnum<BufferFlow>(), reader.ReadEnum<BufferContent>());
            exchange.bounces.Add(bounce.Length <= SecureHeap.FrameSize ? bounce : throw reader.Problem($"an RTAS buffer of 0x{bounce.Length:x} bytes"));
        }

        return exchange;
    }

    private static RtasArguments ReadBlock(SnapshotReader reader)
    {
        byte[] bytes = reader.ReadBytes();
        return bytes.Length == RtasArguments.Size && RtasArguments.Parse(bytes) is { } block ? block : throw reader.Problem("impossible RTAS arguments");
    }
}
