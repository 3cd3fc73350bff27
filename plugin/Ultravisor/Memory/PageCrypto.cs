using System.Buffers.Binary;
using System.Security.Cryptography;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>
/// Encrypts guest frames with AES-128-GCM, one key for each SVM. Nonce and tag form a seal of 32 bytes that stays in secure memory;
/// the ciphertext has the frame's size. A nonce is 4 fixed bytes and a counter, so it never repeats under a key.
/// </summary>
public sealed class PageCrypto : IDisposable
{
    /// <summary>Bytes of a seal: nonce 12, tag 16, rounded up.</summary>
    public const int SealSize = 32;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly AesGcm cipher;
    private readonly byte[] nonce = new byte[NonceSize];
    private ulong counter;

    /// <summary>Derives key and nonce prefix from the machine's seed and the number of the SVM since power-on.</summary>
    public PageCrypto(ReadOnlySpan<byte> seed, ulong svm)
    {
        Number = svm;
        Span<byte> label = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(label, svm);
        byte[] secret = HMACSHA256.HashData(seed, label);
        cipher = new AesGcm(secret.AsSpan(0, 16), TagSize);
        secret.AsSpan(16, 4).CopyTo(nonce);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The number it was derived from.</summary>
    internal ulong Number { get; }

    /// <summary>Encrypts <paramref name="plain"/> and fills the seal.</summary>
    public void Seal(ReadOnlySpan<byte> plain, Span<byte> encrypted, Span<byte> seal)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), ++counter);
        seal.Clear();
        nonce.CopyTo(seal);
        cipher.Encrypt(nonce, plain, encrypted, seal.Slice(NonceSize, TagSize));
    }

    /// <summary>Decrypts; false if the ciphertext is not what was sealed, then <paramref name="plain"/> is all zero.</summary>
    public bool Open(ReadOnlySpan<byte> encrypted, Span<byte> plain, ReadOnlySpan<byte> seal)
    {
        try
        {
            cipher.Decrypt(seal[..NonceSize], encrypted, seal.Slice(NonceSize, TagSize), plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plain.Clear();
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => cipher.Dispose();

    internal void Save(SnapshotWriter writer) => writer.Write(counter);

    // A nonce must not be used twice: the count goes on where it was.
    internal void Load(SnapshotReader reader) => counter = reader.ReadUInt64();
}
