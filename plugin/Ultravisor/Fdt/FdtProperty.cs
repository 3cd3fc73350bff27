using System.Buffers.Binary;
using System.Text;

namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>A property: a name and bytes. Cells are big-endian 32-bit words.</summary>
public sealed class FdtProperty(string name, byte[] value)
{
    /// <summary>Name, without NUL.</summary>
    public string Name { get; } = name;

    /// <summary>The bytes.</summary>
    public byte[] Value { get; set; } = value;

    /// <summary>First cell.</summary>
    /// <exception cref="FdtException">The property is shorter than one cell.</exception>
    public uint AsCell() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    /// <summary>First two cells as one number.</summary>
    /// <exception cref="FdtException">The property is shorter than two cells.</exception>
    public ulong AsTwoCells() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8));

    /// <summary>An address that some firmware writes as one cell and some as two (linux,initrd-start).</summary>
    /// <exception cref="FdtException">The property has neither 4 nor 8 bytes.</exception>
    public ulong AsAddress() => Value.Length switch
    {
        4 => AsCell(),
        8 => AsTwoCells(),
        _ => throw new FdtException($"{Name}: {Value.Length} bytes, expected an address of 4 or 8"),
    };

    /// <summary>All whole cells.</summary>
    public uint[] AsCells()
    {
        var cells = new uint[Value.Length / 4];
        for (int n = 0; n < cells.Length; n++)
            cells[n] = BinaryPrimitives.ReadUInt32BigEndian(Value.AsSpan(n * 4));
        return cells;
    }

    /// <summary>Text up to the first NUL.</summary>
    public string AsText()
    {
        int end = Array.IndexOf(Value, (byte)0);
        return Encoding.Latin1.GetString(Value, 0, end < 0 ? Value.Length : end);
    }

    /// <summary>List of NUL-terminated strings.</summary>
    public string[] AsTexts() => Encoding.Latin1.GetString(Value).TrimEnd('\0').Split('\0');

    private ReadOnlySpan<byte> Bytes(int count) =>
        Value.Length >= count ? Value : throw new FdtException($"{Name}: {Value.Length} bytes, expected at least {count}");
}
