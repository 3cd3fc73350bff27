using System.Buffers.Binary;
using System.Security.Cryptography;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>Numbers that nobody inside the machine can foresee and that are the same in each run: HMAC-SHA-256 of a counter under a seed.</summary>
internal sealed class DeterministicRandom
{
    private readonly byte[] key = new byte[8];
    private ulong counter;

    public DeterministicRandom(ulong seed) => BinaryPrimitives.WriteUInt64BigEndian(key, seed);

    /// <summary>The key itself, to derive others from.</summary>
    public ReadOnlySpan<byte> Key => key;

    public ulong Next()
    {
        Span<byte> input = stackalloc byte[8];
        Span<byte> output = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(input, ++counter);
        HMACSHA256.HashData(key, input, output);
        return BinaryPrimitives.ReadUInt64BigEndian(output);
    }

    public void Save(SnapshotWriter writer) => writer.Write(counter);

    public void Load(SnapshotReader reader) => counter = reader.ReadUInt64();
}
