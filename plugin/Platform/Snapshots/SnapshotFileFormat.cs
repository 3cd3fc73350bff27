using System.Security.Cryptography;

namespace RenodeUvmem.Platform.Snapshots;

/// <summary>
/// File of a machine's snapshot, numbers little-endian: magic, version, length of the state, the state (<see cref="Power9.Snapshots.SnapshotWriter"/>),
/// blocks of memory, a block address that ends them, SHA-256 of all before. A block is its real address, a bit for each of its pages that is not all
/// zero, the length of what follows, and those pages, compressed. Blocks without such a page are left out.
/// </summary>
internal static class SnapshotFileFormat
{
    /// <summary>Version of the file; the state has its own.</summary>
    public const uint Version = 1;

    /// <summary>Bytes of memory in a block; the last of a range may have fewer.</summary>
    public const int BlockSize = 1 << 20;

    /// <summary>Bytes of a page.</summary>
    public const int PageSize = 4096;

    /// <summary>Bytes of a block's bit map.</summary>
    public const int MapSize = BlockSize / PageSize / 8;

    /// <summary>In place of a block's address: there are no more.</summary>
    public const ulong NoMoreBlocks = ulong.MaxValue;

    /// <summary>Bytes of the hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Bytes before the state.</summary>
    public const int HeaderSize = 8 + sizeof(uint) + sizeof(ulong);

    /// <summary>More state than this no machine has.</summary>
    public const ulong MaximumState = 1UL << 30;

    /// <summary>First bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "UVMACHIN"u8;
}
