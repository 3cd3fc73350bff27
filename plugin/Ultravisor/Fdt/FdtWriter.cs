using System.Buffers.Binary;
using System.Text;

namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>Writes a flattened device tree of version 17, packed: header, reservations, structure, strings, no slack.</summary>
public sealed class FdtWriter
{
    private readonly List<byte> structure = [];
    private readonly List<byte> strings = [];
    private readonly Dictionary<string, uint> stringOffsets = [];

    private FdtWriter()
    {
    }

    /// <summary>The blob.</summary>
    public static byte[] Write(FdtTree tree)
    {
        var writer = new FdtWriter();
        writer.WriteNode(tree.Root);
        writer.WriteWord(FdtFormat.End);

        // The reservation block wants 8-byte alignment, which the header's 40 bytes give.
        int reservations = (tree.Reservations.Count + 1) * 16;
        int structureOffset = FdtFormat.HeaderSize + reservations;
        int stringsOffset = structureOffset + writer.structure.Count;
        var blob = new byte[stringsOffset + writer.strings.Count];
        Header(blob, 0, FdtFormat.Magic);
        Header(blob, FdtFormat.TotalSize, (uint)blob.Length);
        Header(blob, FdtFormat.StructureOffset, (uint)structureOffset);
        Header(blob, FdtFormat.StringsOffset, (uint)stringsOffset);
        Header(blob, FdtFormat.ReservationsOffset, FdtFormat.HeaderSize);
        Header(blob, FdtFormat.VersionOffset, FdtFormat.Version);
        Header(blob, FdtFormat.LastCompatibleOffset, FdtFormat.LastCompatibleVersion);
        Header(blob, FdtFormat.BootCpuOffset, tree.BootCpu);
        Header(blob, FdtFormat.StringsSize, (uint)writer.strings.Count);
        Header(blob, FdtFormat.StructureSize, (uint)writer.structure.Count);
        int position = FdtFormat.HeaderSize;
        foreach (FdtReservation reservation in tree.Reservations)
        {
            BinaryPrimitives.WriteUInt64BigEndian(blob.AsSpan(position), reservation.Address);
            BinaryPrimitives.WriteUInt64BigEndian(blob.AsSpan(position + 8), reservation.Size);
            position += 16;
        }

        writer.structure.CopyTo(blob, structureOffset);
        writer.strings.CopyTo(blob, stringsOffset);
        return blob;
    }

    private static void Header(byte[] blob, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(offset), value);

    private void WriteNode(FdtNode node)
    {
        WriteWord(FdtFormat.BeginNode);
        structure.AddRange(Encoding.Latin1.GetBytes(node.Name + '\0'));
        Align();
        foreach (FdtProperty property in node.Properties)
        {
            WriteWord(FdtFormat.Property);
            WriteWord((uint)property.Value.Length);
            WriteWord(StringOffset(property.Name));
            structure.AddRange(property.Value);
            Align();
        }

        foreach (FdtNode child in node.Children)
            WriteNode(child);
        WriteWord(FdtFormat.EndNode);
    }

    private uint StringOffset(string text)
    {
        if (stringOffsets.TryGetValue(text, out uint offset))
            return offset;
        offset = (uint)strings.Count;
        strings.AddRange(Encoding.Latin1.GetBytes(text + '\0'));
        stringOffsets[text] = offset;
        return offset;
    }

    private void WriteWord(uint word)
    {
        structure.Add((byte)(word >> 24));
        structure.Add((byte)(word >> 16));
        structure.Add((byte)(word >> 8));
        structure.Add((byte)word);
    }

    private void Align()
    {
        while ((structure.Count & 3) != 0)
            structure.Add(0);
    }
}
