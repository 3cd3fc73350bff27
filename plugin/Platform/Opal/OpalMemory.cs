using System.Buffers.Binary;
using System.Text;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Opal;

/// <summary>
/// Memory as firmware sees it: hypervisor real mode, big-endian, normal memory only. Pointers may carry the kernel's linear map in their top bits,
/// which real mode ignores (ISA 3.0B Book III 5.7.3: EA bits 0:3). What is not normal RAM is refused, never touched.
/// </summary>
public sealed class OpalMemory(PhysicalMemory memory)
{
    private const ulong RealMask = 0x0FFF_FFFF_FFFF_FFFF;

    /// <summary>Reads bytes; false if any of them is not normal RAM.</summary>
    public bool TryRead(ulong address, Span<byte> bytes) =>
        memory.IsRam(address & RealMask, (ulong)bytes.Length, normal: true) && memory.CopyOut(address & RealMask, bytes);

    /// <summary>Writes bytes; false, and nothing written, if any of them is not normal RAM.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes) =>
        memory.IsRam(address & RealMask, (ulong)bytes.Length, normal: true) && memory.CopyIn(address & RealMask, bytes);

    /// <summary>Reads a doubleword.</summary>
    public bool TryRead64(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool done = TryRead(address, bytes);
        value = done ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return done;
    }

    /// <summary>Writes a byte.</summary>
    public bool TryWrite8(ulong address, byte value) => TryWrite(address, [value]);

    /// <summary>Writes a halfword.</summary>
    public bool TryWrite16(ulong address, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Writes a word.</summary>
    public bool TryWrite32(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Writes a doubleword.</summary>
    public bool TryWrite64(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Text up to a NUL, at most <paramref name="limit"/> bytes; ends early where RAM ends.</summary>
    public string ReadText(ulong address, int limit)
    {
        var text = new StringBuilder();
        Span<byte> one = stackalloc byte[1];
        while (text.Length < limit && TryRead(address + (ulong)text.Length, one) && one[0] != 0)
            text.Append((char)one[0]);
        return text.ToString();
    }
}
