using System.Buffers.Binary;
using System.Text;

namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>Parses a flattened device tree. The bytes come from guests: every offset is checked.</summary>
public ref struct FdtReader
{
    // Far above any real tree. They keep a hostile blob from exhausting the stack, and from taking minutes: names may overlap, so that a megabyte of text
    // could be the name of each of a hundred thousand properties, and properties are looked up one by one.
    private const int MaximumDepth = 64;
    private const int MaximumName = 255;
    private const int MaximumProperties = 1024;
    private const int MaximumReservations = 1024;

    private readonly ReadOnlySpan<byte> structure;
    private readonly ReadOnlySpan<byte> strings;
    private int position;

    private FdtReader(ReadOnlySpan<byte> structure, ReadOnlySpan<byte> strings)
    {
        this.structure = structure;
        this.strings = strings;
    }

    /// <summary>Total size that a header declares, or 0 if the bytes do not begin with a version 17 header. Needs 40 bytes.</summary>
    public static uint SizeOf(ReadOnlySpan<byte> header)
    {
        if (header.Length < FdtFormat.HeaderSize || BinaryPrimitives.ReadUInt32BigEndian(header) != FdtFormat.Magic)
            return 0;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(header[FdtFormat.VersionOffset..]);
        uint compatible = BinaryPrimitives.ReadUInt32BigEndian(header[FdtFormat.LastCompatibleOffset..]);
        return version < FdtFormat.LastCompatibleVersion || compatible > FdtFormat.Version
            ? 0
            : BinaryPrimitives.ReadUInt32BigEndian(header[FdtFormat.TotalSize..]);
    }

    /// <summary>Parses a blob; bytes behind its declared total size are ignored.</summary>
    /// <exception cref="FdtException">The bytes are no well-formed tree.</exception>
    public static FdtTree Read(ReadOnlySpan<byte> blob)
    {
        uint size = SizeOf(blob);
        if (size < FdtFormat.HeaderSize || size > (uint)blob.Length)
            throw new FdtException($"no flattened device tree of version 16 or 17: total size {size}, {blob.Length} bytes given");
        blob = blob[..(int)size];
        uint version = BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.VersionOffset..]);
        uint structureOffset = BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.StructureOffset..]);

        // Version 16 has no size of the structure block: FDT_END ends it.
        uint structureSize = version >= FdtFormat.Version
            ? BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.StructureSize..])
            : size - Math.Min(size, structureOffset);
        ReadOnlySpan<byte> structure = Slice(blob, structureOffset, structureSize, "structure block");
        ReadOnlySpan<byte> strings = Slice(
            blob,
            BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.StringsOffset..]),
            BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.StringsSize..]),
            "strings block");
        var reader = new FdtReader(structure, strings);
        if (reader.NextToken() != FdtFormat.BeginNode)
            throw new FdtException("the structure block does not begin with a node");
        var tree = new FdtTree
        {
            Root = reader.ReadNode(0),
            BootCpu = BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.BootCpuOffset..]),
        };
        if (reader.NextToken() != FdtFormat.End)
            throw new FdtException("the structure block does not end after the root node");
        ReadReservations(blob, tree.Reservations);
        return tree;
    }

    private static void ReadReservations(ReadOnlySpan<byte> blob, List<FdtReservation> reservations)
    {
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(blob[FdtFormat.ReservationsOffset..]);
        while (true)
        {
            ReadOnlySpan<byte> entry = Slice(blob, offset, 16, "memory reservation block");
            ulong address = BinaryPrimitives.ReadUInt64BigEndian(entry);
            ulong size = BinaryPrimitives.ReadUInt64BigEndian(entry[8..]);
            if (address == 0 && size == 0)
                return;
            if (reservations.Count == MaximumReservations)
                throw new FdtException($"more than {MaximumReservations} memory reservations");
            reservations.Add(new FdtReservation(address, size));
            offset += 16;
        }
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, uint offset, uint size, string what)
    {
        if (offset > (uint)bytes.Length || size > (uint)bytes.Length - offset)
            throw new FdtException($"{what}: offset 0x{offset:x}, size 0x{size:x} lie outside of 0x{bytes.Length:x} bytes");
        return bytes.Slice((int)offset, (int)size);
    }

    private static string Text(ReadOnlySpan<byte> bytes, uint offset, string what)
    {
        ReadOnlySpan<byte> tail = Slice(bytes, offset, 0, what).Length == 0 ? bytes[(int)offset..] : default;
        int end = tail[..Math.Min(tail.Length, MaximumName + 1)].IndexOf((byte)0);
        if (end < 0)
            throw new FdtException($"{what} at 0x{offset:x} is not terminated within {MaximumName} bytes");
        return Encoding.Latin1.GetString(tail[..end]);
    }

    private uint NextToken()
    {
        uint token;
        do
            token = NextWord();
        while (token == FdtFormat.Nop);
        return token;
    }

    private uint NextWord()
    {
        uint word = BinaryPrimitives.ReadUInt32BigEndian(Slice(structure, (uint)position, 4, "structure block"));
        position += 4;
        return word;
    }

    private FdtNode ReadNode(int depth)
    {
        if (depth >= MaximumDepth)
            throw new FdtException($"nodes nest deeper than {MaximumDepth}");
        string name = Text(structure, (uint)position, "node name");
        position = (position + name.Length + 1 + 3) & ~3;
        var node = new FdtNode(name);
        while (true)
        {
            uint token = NextToken();
            switch (token)
            {
                case FdtFormat.BeginNode:
                    node.Add(ReadNode(depth + 1));
                    break;
                case FdtFormat.Property:
                    uint size = NextWord();
                    string property = Text(strings, NextWord(), "property name");
                    if (node.Properties.Count == MaximumProperties)
                        throw new FdtException($"node {name} has more than {MaximumProperties} properties");
                    node.Set(property, Slice(structure, (uint)position, size, property).ToArray());
                    position = (int)(((uint)position + size + 3) & ~3u);
                    break;
                case FdtFormat.EndNode:
                    return node;
                default:
                    throw new FdtException($"unexpected token {token} in node {name}");
            }
        }
    }
}
