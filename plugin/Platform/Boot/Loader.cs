using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Boot;

/// <summary>Puts kernel and initrd into memory. Everything is checked before the first byte is written.</summary>
internal static class Loader
{
    // The kernel needs its page tables and per-CPU areas before it can free anything; a full memory would fail later and less clearly.
    private const ulong Headroom = 64 * ByteSize.MiB;

    private const ulong Alignment = 64 * 1024;

    /// <summary>Checks that every segment and the entry lie in RAM that kernels may use.</summary>
    /// <returns>End of the kernel, as a real address.</returns>
    /// <exception cref="OptionException">One does not.</exception>
    public static ulong CheckKernel(InputFile file, ElfImage kernel, MemoryMap map)
    {
        ulong end = 0;
        foreach (ElfSegment segment in kernel.Segments)
        {
            if (segment.Physical >= map.LoadLimit || segment.MemorySize > map.LoadLimit - segment.Physical)
            {
                file.Fail($"a segment goes from 0x{segment.Physical:x} to 0x{segment.Physical + segment.MemorySize:x}, outside of RAM for kernels, "
                    + $"0x0 to 0x{map.LoadLimit:x}; expected a kernel linked at real address 0, or more --memory");
            }

            end = Math.Max(end, segment.Physical + segment.MemorySize);
        }

        if (kernel.RealEntry >= map.LoadLimit)
            file.Fail($"entry 0x{kernel.RealEntry:x} lies outside of RAM, 0x0 to 0x{map.LoadLimit:x}");
        return end;
    }

    /// <summary>Chooses where the initrd goes: as high as possible.</summary>
    /// <exception cref="OptionException">It does not fit.</exception>
    public static ulong PlaceInitrd(InputFile file, ulong kernelEnd, MemoryMap map)
    {
        if (file.Length == 0)
            file.Fail("the file is empty, expected a cpio archive");
        ulong floor = kernelEnd + Headroom;
        if (floor > map.LoadLimit || file.Length > map.LoadLimit - floor)
        {
            file.Fail($"{ByteSize.Text(file.Length)} do not fit into {ByteSize.Text(map.RamSize)} of RAM beside the kernel "
                + $"({ByteSize.Text(map.LoadLimit > floor ? map.LoadLimit - floor : 0)} are free); give more --memory");
        }

        ulong address = (map.LoadLimit - file.Length) & ~(Alignment - 1);
        return address >= floor ? address : floor;
    }

    /// <summary>Copies the segments.</summary>
    public static void Load(InputFile file, ElfImage kernel, PhysicalMemory memory)
    {
        foreach (ElfSegment segment in kernel.Segments)
            Copy(file, segment.FileOffset, segment.FileSize, segment.Physical, memory);
    }

    /// <summary>Copies bytes of a file into RAM.</summary>
    public static void Copy(InputFile file, ulong offset, ulong size, ulong address, PhysicalMemory memory)
    {
        byte[] chunk = new byte[Math.Min(ByteSize.MiB, size)];
        for (ulong done = 0; done < size; done += (ulong)chunk.Length)
        {
            Span<byte> bytes = chunk.AsSpan(0, (int)Math.Min((ulong)chunk.Length, size - done));
            file.Read(offset + done, bytes);
            if (!memory.CopyIn(address + done, bytes))
                throw new InvalidOperationException($"no RAM at 0x{address + done:x} for 0x{bytes.Length:x} bytes that were checked to fit");
        }
    }
}
