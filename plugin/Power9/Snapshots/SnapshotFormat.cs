using System.Security.Cryptography;

namespace RenodeUvmem.Power9.Snapshots;

/// <summary>
/// Frame of a snapshot: magic, format version, fingerprint of the configuration, sections, SHA-256 of all before. Numbers are little-endian.
/// A section is its tag, its version, the length of its content, and the content, which may be further sections.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>Version of this frame; sections have their own.</summary>
    public const uint Version = 1;

    /// <summary>Bytes of the hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>First bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "UVMSTATE"u8;
}
