using System.Buffers.Binary;
using System.Text;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>
/// Reads the kernel's memory of the world that a CPU is in, without any effect. Remembers translations while the CPU stands: a stack is in a page or two.
/// </summary>
internal sealed unsafe class GuestReader
{
    private const int Remembered = 8;
    private const ulong PageMask = ~0xFFFUL;

    private readonly (ulong Page, ulong Real)[] pages = new (ulong, ulong)[Remembered];
    private Cpu? cpu;
    private DebugContext world;
    private bool littleEndian;

    /// <summary>Begins with what a CPU sees now.</summary>
    public void Begin(Cpu now)
    {
        cpu = now;
        world = DebugContext.Of(now.State);
        littleEndian = (now.State->Msr & Msr.LE) != 0;
        Array.Fill(pages, (ulong.MaxValue, 0UL));
    }

    /// <summary>Reads a doubleword in the CPU's byte order; false if it is not aligned, not mapped, or not RAM.</summary>
    public bool TryRead(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        value = 0;
        if ((address & 7) != 0 || !TryRead(address, bytes))
            return false;
        value = littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return true;
    }

    /// <summary>A text of printable ASCII that ends with a zero byte, or is <paramref name="limit"/> long, a multiple of 8; null if it is none. Aligned to 8.</summary>
    public string? ReadText(ulong address, int limit)
    {
        Span<byte> bytes = stackalloc byte[limit];
        int length = 0;
        for (; length < limit; length += 8)
        {
            Span<byte> part = bytes.Slice(length, 8);
            if (((address + (ulong)length) & 7) != 0 || !TryRead(address + (ulong)length, part))
                return null;
            if (part.IndexOf((byte)0) is var end and >= 0)
            {
                length += end;
                break;
            }
        }

        return length == 0 || bytes[..length].ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) ? null : Encoding.ASCII.GetString(bytes[..length]);
    }

    /// <summary>Reads bytes within a page of 4 KiB; false if it is not mapped or not RAM.</summary>
    public bool TryRead(ulong address, Span<byte> bytes)
    {
        ulong page = address & PageMask;
        ref (ulong Page, ulong Real) known = ref pages[(address >> 12) % Remembered];
        if (known.Page != page)
        {
            if (!cpu!.TryTranslate(page, AccessKind.Load, world, out ulong real, anyAuthority: true))
                return false;
            known = (page, real);
        }

        return ((address + (ulong)bytes.Length - 1) & PageMask) == page && cpu!.Memory.CopyOut(known.Real | (address & ~PageMask), bytes);
    }
}
