using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RenodeUvmem.Power9.Snapshots;

/// <summary>
/// Reads what a <see cref="SnapshotWriter"/> wrote. The frame and the hash are checked before anything is read. An object whose Load throws is in no
/// defined state and must not be used.
/// </summary>
public sealed class SnapshotReader
{
    private readonly byte[] bytes;
    private readonly Stack<(string Tag, int End)> sections = new();
    private int position;
    private int limit;

    /// <summary>Opens a snapshot.</summary>
    /// <param name="snapshot">All its bytes.</param>
    /// <param name="fingerprint">What this machine consists of, or null to take any.</param>
    /// <exception cref="SnapshotException">It is none, or one of another machine.</exception>
    public SnapshotReader(byte[] snapshot, string? fingerprint = null)
    {
        bytes = snapshot;
        if (!snapshot.AsSpan().StartsWith(SnapshotFormat.Magic))
            throw new SnapshotException("this is no snapshot");
        position = SnapshotFormat.Magic.Length;
        limit = snapshot.Length;
        uint version = ReadUInt32();
        if (version != SnapshotFormat.Version)
            throw new SnapshotException($"the snapshot has format {version}, this program reads format {SnapshotFormat.Version}");
        limit = snapshot.Length - SnapshotFormat.HashSize;
        if (limit < position || !SHA256.HashData(snapshot.AsSpan(0, limit)).AsSpan().SequenceEqual(snapshot.AsSpan(limit)))
            throw new SnapshotException("the snapshot is damaged or cut off: its checksum does not fit");
        Fingerprint = ReadText() ?? "";
        if (fingerprint is not null && fingerprint != Fingerprint)
            throw new SnapshotException($"the snapshot is of another machine: {Fingerprint}; this one: {fingerprint}");
    }

    /// <summary>What the machine of the snapshot consists of.</summary>
    public string Fingerprint { get; }

    /// <summary>Enters a section and returns its version.</summary>
    /// <param name="tag">The section that must come now.</param>
    /// <param name="version">The latest version that the caller knows.</param>
    public int Begin(string tag, int version = 1)
    {
        string? found = ReadText();
        if (found != tag)
            throw Problem($"section {tag} was expected here, found {found}");
        int has = ReadInt32();
        long length = ReadInt64();
        if (length < 0 || length > limit - position)
            throw Problem($"section {tag} is longer than what holds it");
        sections.Push((tag, limit));
        limit = position + (int)length;
        return has >= 1 && has <= version ? has : throw Problem($"has version {has}, this program knows up to {version}");
    }

    /// <summary>Leaves the innermost section, which must be read to its end.</summary>
    public void End()
    {
        if (position != limit)
            throw Problem($"has {limit - position} bytes more than expected");
        limit = sections.Pop().End;
    }

    /// <summary>Passes over a section.</summary>
    /// <param name="tag">The section that must come now.</param>
    public void Skip(string tag)
    {
        Begin(tag, int.MaxValue);
        position = limit;
        End();
    }

    /// <summary>Whether the innermost section has more.</summary>
    public bool HasMore => position < limit;

    public bool ReadBool() => ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw Problem($"{other} is no truth value"),
    };

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => (int)ReadUInt32();

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public long ReadInt64() => (long)ReadUInt64();

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>A number that may be absent.</summary>
    public ulong? ReadOptional()
    {
        bool there = ReadBool();
        ulong value = ReadUInt64();
        return there ? value : null;
    }

    /// <summary>A text that may be absent.</summary>
    public string? ReadText() => ReadBool() ? Encoding.UTF8.GetString(Take(ReadCount(int.MaxValue))) : null;

    /// <summary>Bytes.</summary>
    public byte[] ReadBytes() => Take(ReadCount(int.MaxValue)).ToArray();

    /// <summary>Fills doublewords.</summary>
    public void ReadAll(Span<ulong> values)
    {
        foreach (ref ulong value in values)
            value = ReadUInt64();
    }

    /// <summary>A number of elements to follow. What can't be there is refused before anything is allocated for it.</summary>
    /// <param name="maximum">Most that make sense.</param>
    /// <param name="size">Least bytes of an element.</param>
    public int ReadCount(int maximum, int size = 1)
    {
        int count = ReadInt32();
        return count >= 0 && count <= maximum && count <= (limit - position) / size ? count : throw Problem($"{(uint)count} elements are too many");
    }

    /// <summary>A value of an enumeration.</summary>
    public T ReadEnum<T>()
        where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), ReadInt64());
        return Enum.IsDefined(value) ? value : throw Problem($"{value} is no {typeof(T).Name}");
    }

    /// <summary>Refuses unless the snapshot says what this machine has.</summary>
    /// <param name="what">What it is about.</param>
    /// <param name="own">The value here.</param>
    public void Expect(string what, ulong own)
    {
        ulong found = ReadUInt64();
        if (found != own)
            throw Problem($"{what} is 0x{found:x}, in this machine 0x{own:x}");
    }

    /// <summary>An exception that names the open sections.</summary>
    public SnapshotException Problem(string problem) =>
        new(sections.Count == 0 ? $"snapshot: {problem}" : $"snapshot, section {string.Join('/', sections.Reverse().Select(section => section.Tag))}: {problem}");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > limit - position)
            throw Problem("ends too early");
        position += count;
        return bytes.AsSpan(position - count, count);
    }
}
