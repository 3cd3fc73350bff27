using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RenodeUvmem.Power9.Snapshots;

/// <summary>Writes the state of a machine, or of a part of it. What <see cref="SnapshotReader"/> reads is the same calls in the same order.</summary>
public sealed class SnapshotWriter
{
    private readonly Stack<(string Tag, int Start)> sections = new();
    private readonly List<(string Path, int Start, int End)> written = [];
    private byte[] bytes = new byte[4096];
    private int length;

    /// <summary>Begins a snapshot.</summary>
    /// <param name="fingerprint">What the machine consists of, for a person: a reader with another one refuses the snapshot and shows both.</param>
    public SnapshotWriter(string fingerprint)
    {
        SnapshotFormat.Magic.CopyTo(Room(SnapshotFormat.Magic.Length));
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
        sections.Push((tag, length));
        Write(0L);
    }

    /// <summary>Ends the innermost section.</summary>
    public void End()
    {
        string path = string.Join('/', sections.Reverse().Select(section => section.Tag));
        int start = sections.Pop().Start;
        written.Add((path, start, length));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(start), length - start - sizeof(long));
    }

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Content => bytes.AsSpan(0, length);

    /// <summary>
    /// Where this differs from what another one of the same kind of machine wrote, for messages: the first inner section that differs, else the one around it.
    /// </summary>
    /// <returns>Its name with those around it, and the position of the first difference in its own bytes and in the other's; null if all is equal.</returns>
    public (string Path, int Offset, int Position, int OtherPosition)? DifferenceTo(SnapshotWriter other)
    {
        // Inner sections end before outer ones. Its length is before a section, which is why an outer one is no help.
        for (int n = 0; n < Math.Min(written.Count, other.written.Count); n++)
        {
            (string path, int start, int end) = written[n];
            (string otherPath, int otherStart, int otherEnd) = other.written[n];
            ReadOnlySpan<byte> one = bytes.AsSpan(start..end);
            ReadOnlySpan<byte> two = other.bytes.AsSpan(otherStart..otherEnd);
            if (path == otherPath && one.SequenceEqual(two))
                continue;
            int at = one[sizeof(long)..].CommonPrefixLength(two[sizeof(long)..]);
            return (path, at, start + sizeof(long) + at, otherStart + sizeof(long) + at);
        }

        return Content.SequenceEqual(other.Content) ? null : ("", Content.CommonPrefixLength(other.Content), 0, 0);
    }

    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    public void Write(byte value) => Room(1)[0] = value;

    public void Write(int value) => Write((uint)value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);

    public void Write(long value) => Write((ulong)value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);

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
        content.CopyTo(Room(content.Length));
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
        ReadOnlySpan<byte> content = bytes.AsSpan(0, length);
        return [.. content, .. SHA256.HashData(content)];
    }

    private Span<byte> Room(int count)
    {
        if (count > bytes.Length - length)
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + count));
        length += count;
        return bytes.AsSpan(length - count, count);
    }
}
