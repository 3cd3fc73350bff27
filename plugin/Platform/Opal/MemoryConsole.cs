using System.Buffers.Binary;
using System.Text;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Opal;

/// <summary>
/// Firmware messages in memory, where the kernel finds them (/sys/firmware/opal/msglog, /sys/firmware/ultravisor/msglog; struct memcons of
/// Linux arch/powerpc/platforms/powernv/opal-msglog.c). Written once at power-on, so it never wraps.
/// </summary>
public static class MemoryConsole
{
    private const ulong Magic = 0x6630696567726173;
    private const int HeaderSize = 48;
    private const int OutputAddress = 8;
    private const int OutputSize = 24;
    private const int OutputPosition = 32;

    /// <summary>Writes a console with a text at a real address in normal memory.</summary>
    public static void Write(PhysicalMemory memory, ulong address, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        var console = new byte[HeaderSize + bytes.Length];
        BinaryPrimitives.WriteUInt64BigEndian(console, Magic);
        BinaryPrimitives.WriteUInt64BigEndian(console.AsSpan(OutputAddress), address + HeaderSize);
        BinaryPrimitives.WriteUInt32BigEndian(console.AsSpan(OutputSize), (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(console.AsSpan(OutputPosition), (uint)bytes.Length);
        bytes.CopyTo(console, HeaderSize);
        if (!new OpalMemory(memory).TryWrite(address, console))
            throw new ArgumentException($"no normal RAM at 0x{address:x} for {console.Length} bytes of firmware messages");
    }
}
