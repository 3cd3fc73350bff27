using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RenodeUvmem.Power9.Snapshots;

/// <summary>Writes the state of a machine, or of a part of it. What <see cref="SnapshotReader"/> reads is the same calls in the same order.</summary>
public sealed class SnapshotWriter
{
    private readonly MemoryStream bytes = new();
    private readonly Stack<long> sections = new();

    /// <summary>Begins a snapshot.</summary>
    /// <param name="fingerprint">What the machine consists of, for a person: a reader with another one refuses the snapshot and shows both.</param>
    public SnapshotWriter(string fingerprint)
    {
        bytes.Write(SnapshotFormat.Magic);
        Write(SnapshotFormat.Version);
        Write(fingerprint);
    }

    /// <summary>Begins a section.</summary>
    /// <param name="tag">Name, for messages.</param>
    /// <param name="version">Version of its content, from 1.</param>
    public void Begin(string tag, int version = 1)
    {
        Write(tag);
        Write(version);
        sections.Push(bytes.Position);
        Write(0L);
    }

    /// <summary>Ends the innermost section.</summary>
    public void End()
    {
        long start = sections.Pop();
        long end = bytes.Position;
        bytes.Position = start;
        Write(end - start - sizeof(long));
        bytes.Position = end;
    }

    public void Write(bool value) => bytes.WriteByte(value ? (byte)1 : (byte)0);

    public void Write(byte value) => bytes.WriteByte(value);

    public void Write(int value) => Write((uint)value);

    public void Write(uint value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, value);
        bytes.Write(buffer);
    }

    public void Write(long value) => Write((ulong)value);

    public void Write(ulong value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        bytes.Write(buffer);
    }

    /// <summary>Writes a number that may be absent.</summary>
    public void Write(ulong? value)
    {
        Write(value.HasValue);
        Write(value ?? 0UL);
    }

    /// <summary>Writes a number that may be absent.</summary>
    public void Write(long? value) => Write((ulong?)value);

    /// <summary>Writes a text that may be absent.</summary>
    public void Write(string? text)
    {
        Write(text is not null);
        if (text is not null)
            Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes bytes and their number.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        Write(content.Length);
        bytes.Write(content);
    }

    /// <summary>Writes bytes and their number.</summary>
    public void Write(byte[] content) => Write(content.AsSpan());

    /// <summary>Writes doublewords without their number.</summary>
    public void WriteAll(ReadOnlySpan<ulong> values)
    {
        foreach (ulong value in values)
            Write(value);
    }

    /// <summary>The whole snapshot.</summary>
    /// <exception cref="InvalidOperationException">A section was not ended.</exception>
    public byte[] ToArray()
    {
        if (sections.Count != 0)
            throw new InvalidOperationException("a section was not ended");
        byte[] content = bytes.ToArray();
        return [.. content, .. SHA256.HashData(content)];
    }
}
