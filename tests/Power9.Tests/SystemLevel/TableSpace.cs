using System.Buffers.Binary;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>A region that tables are put in: addresses as the tables hold them, <paramref name="offset"/> away from real ones.</summary>
internal sealed unsafe class TableSpace(PhysicalMemory memory, ulong offset, ulong first)
{
    private ulong next = first;

    /// <summary>Zeroed, naturally aligned room.</summary>
    public ulong Allocate(ulong size)
    {
        ulong address = (next + size - 1) & ~(size - 1);
        next = address + size;
        return address;
    }

    /// <summary>Reads a table entry: eight bytes, big-endian.</summary>
    public ulong Read(ulong address) => BinaryPrimitives.ReverseEndianness(*Entry(address));

    /// <summary>Writes one.</summary>
    public void Write(ulong address, ulong value) => *Entry(address) = BinaryPrimitives.ReverseEndianness(value);

    private ulong* Entry(ulong address)
    {
        byte* entry = memory.Pointer(address + offset, 8);
        return entry != null ? (ulong*)entry : throw new ArgumentOutOfRangeException(nameof(address), $"no memory for a table at 0x{address:x}");
    }
}
