using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Memory;

/// <summary>
/// Real address space: RAM ranges in unmanaged memory, each normal or secure, and devices.
/// Real addresses are 52 bits wide here; secure memory has real-address bit 15 (1&lt;&lt;48) set.
/// </summary>
public sealed unsafe class PhysicalMemory : IDisposable
{
    private RamRange[] ranges = [];
    private DeviceRange[] devices = [];

    /// <summary>RAM ranges in order of base address.</summary>
    public IReadOnlyList<RamRange> Ranges => ranges;

    /// <summary>Adds zeroed RAM that this object owns. Base and size are multiples of 64 KiB.</summary>
    public RamRange AddRam(ulong baseAddress, ulong size, bool secure)
    {
        CheckRange(baseAddress, size);
        var range = new RamRange(baseAddress, size, secure, (byte*)NativeMemory.AllocZeroed((nuint)size), owned: true);
        Insert(range);
        return range;
    }

    /// <summary>Adds RAM that a host provides; it must stay valid as long as this object.</summary>
    public RamRange AddHostRam(ulong baseAddress, ulong size, bool secure, byte* host)
    {
        CheckRange(baseAddress, size);
        var range = new RamRange(baseAddress, size, secure, host, owned: false);
        Insert(range);
        return range;
    }

    /// <summary>Devices of a host that knows them better than a list of ranges, or null. Offsets are real addresses.</summary>
    public IMmioBus? Bus { get; set; }

    /// <summary>Adds a device.</summary>
    public void AddDevice(ulong baseAddress, ulong size, IMmioDevice device) =>
        devices = [.. devices, new DeviceRange(baseAddress, size, device)];

    /// <summary>The RAM range that holds a real address, or null.</summary>
    public RamRange? FindRam(ulong real)
    {
        foreach (RamRange range in ranges)
        {
            if (real - range.Base < range.Size)
                return range;
        }

        return null;
    }

    /// <summary>The device at a real address, or null.</summary>
    public IMmioDevice? FindDevice(ulong real, out ulong offset)
    {
        foreach (DeviceRange range in devices)
        {
            offset = real - range.Base;
            if (offset < range.Size)
                return range.Device;
        }

        offset = real;
        return Bus is { } bus && bus.Answers(real) ? bus : null;
    }

    /// <summary>Host pointer to <paramref name="length"/> bytes of RAM at a real address, or null if any of it is not RAM of one range.</summary>
    public byte* Pointer(ulong real, ulong length)
    {
        RamRange? range = FindRam(real);
        if (range is null || length > range.Size - (real - range.Base))
            return null;
        return range.Host + (real - range.Base);
    }

    /// <summary>Decoded code of this memory.</summary>
    public Execution.CodeCache Code { get; } = new();

    /// <summary>Who is told of accesses to secure memory that were refused, or null.</summary>
    public ISecureMemoryMonitor? Monitor { get; set; }

    /// <summary>Must be called after bytes of RAM were written through <see cref="Pointer"/>: code decoded from them is dropped.</summary>
    public void InvalidateCode(ulong real, ulong length)
    {
        RamRange? range = FindRam(real);
        if (range is null || length == 0)
            return;
        ulong first = real - range.Base;
        ulong last = Math.Min(first + length, range.Size) - 1;
        for (ulong page = first >> 12; page <= last >> 12; page++)
        {
            PageInfo* info = range.Pages + page;
            if (info->Code == null)
                continue;
            int from = page == first >> 12 ? (int)(first & 0xFFF) : 0;
            int to = page == last >> 12 ? (int)(last & 0xFFF) : 0xFFF;
            Execution.CodeCache.Invalidate(info, from, to - from + 1);
        }
    }

    /// <summary>Frees the RAM that <see cref="AddRam"/> made.</summary>
    public void Dispose()
    {
        Code.Dispose();
        foreach (RamRange range in ranges)
            range.Dispose();
        ranges = [];
    }

    private static void CheckRange(ulong baseAddress, ulong size)
    {
        if (size == 0 || ((baseAddress | size) & 0xFFFF) != 0)
            throw new ArgumentException($"RAM at 0x{baseAddress:x}, size 0x{size:x}: base and size must be multiples of 64 KiB and size must not be 0");
    }

    private void Insert(RamRange range)
    {
        foreach (RamRange other in ranges)
        {
            if (range.Base < other.Base + other.Size && other.Base < range.Base + range.Size)
                throw new ArgumentException($"RAM at 0x{range.Base:x}, size 0x{range.Size:x} overlaps RAM at 0x{other.Base:x}");
        }

        ranges = [.. ranges.Append(range).OrderBy(r => r.Base)];
    }

    private readonly record struct DeviceRange(ulong Base, ulong Size, IMmioDevice Device);
}
