using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Memory;

/// <summary>
/// Real address space: RAM ranges in unmanaged memory, each normal or secure, and devices.
/// Real addresses are 52 bits wide here; secure memory has real-address bit 15 (1&lt;&lt;48) set.
/// </summary>
public sealed unsafe class PhysicalMemory : IDisposable
{
    /// <summary>Bases and sizes of RAM ranges are multiples of 64 KiB: an aligned block of that size never lies in two.</summary>
    public const ulong Unit = 0x10000;

    private const int UnitShift = 16;
    private const int RecentBits = 10;

    // Ranges found before, by a hash of the address's unit: a host may give RAM in hundreds of pieces.
    private readonly RamRange?[] recent = new RamRange?[1 << RecentBits];
    private RamRange[] ranges = [];
    private DeviceRange[] devices = [];

    /// <summary>RAM ranges in order of base address. Neighbours may be contiguous.</summary>
    public IReadOnlyList<RamRange> Ranges => ranges;

    /// <summary>Raised when host addresses or contents changed behind the CPUs: they must forget their translations.</summary>
    public event Action? Replaced;

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

    /// <summary>Adds RAM that a host provides when it is first looked at, zeroed.</summary>
    public RamRange AddHostRam(ulong baseAddress, ulong size, bool secure, Func<nint> provide)
    {
        CheckRange(baseAddress, size);
        var range = new RamRange(baseAddress, size, secure, provide);
        Insert(range);
        return range;
    }

    /// <summary>Devices of a host that knows them better than a list of ranges, or null. Offsets are real addresses.</summary>
    public IMmioBus? Bus { get; set; }

    /// <summary>Adds a device. One that is at the same address makes room for it, as after a power cycle.</summary>
    public void AddDevice(ulong baseAddress, ulong size, IMmioDevice device) =>
        devices = [.. devices.Where(other => other.Base != baseAddress), new DeviceRange(baseAddress, size, device)];

    /// <summary>
    /// Gives a range a new host address, or its own again after its contents were replaced as a whole. Decoded code and cached translations of all
    /// CPUs are dropped; none of them may be executing. The old memory is the host's to free, so a new address is only for ranges of <see cref="AddHostRam"/>.
    /// </summary>
    public void Rebase(RamRange range, byte* host)
    {
        range.MoveTo(host);
        Code.Drop();
        Replaced?.Invoke();
    }

    /// <summary>The RAM range that holds a real address, or null.</summary>
    public RamRange? FindRam(ulong real)
    {
        RamRange? range = recent[Slot(real)];
        return range is not null && real - range.Base < range.Size ? range : SearchRam(real);
    }

    /// <summary>Index in <see cref="Ranges"/> of the first range that ends behind a real address; their count if there is none.</summary>
    public int FirstRangeFrom(ulong real)
    {
        int low = 0;
        int high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (ranges[middle].Base + (ranges[middle].Size - 1) < real)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
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

    /// <summary>
    /// Host pointer to <paramref name="length"/> bytes of RAM at a real address, or null if any of it is not RAM of one range. A span within
    /// one aligned <see cref="Unit"/> never crosses ranges; for others there are <see cref="CopyOut"/> and <see cref="CopyIn"/>.
    /// </summary>
    public byte* Pointer(ulong real, ulong length)
    {
        RamRange? range = FindRam(real);
        if (range is null || length > range.Size - (real - range.Base))
            return null;
        return range.Host + (real - range.Base);
    }

    /// <summary>Whether all the bytes are RAM, of however many ranges; with <paramref name="normal"/>, RAM that is not secure.</summary>
    public bool IsRam(ulong real, ulong length, bool normal = false)
    {
        while (length > 0)
        {
            RamRange? range = FindRam(real);
            if (range is null || (normal && range.Secure))
                return false;
            ulong here = range.Size - (real - range.Base);
            if (length <= here)
                return true;
            real += here;
            length -= here;
        }

        return true;
    }

    /// <summary>Reads RAM across contiguous ranges; false, and nothing read, if any byte is not RAM.</summary>
    public bool CopyOut(ulong real, Span<byte> bytes)
    {
        if (!IsRam(real, (ulong)bytes.Length))
            return false;
        while (bytes.Length > 0)
        {
            Span<byte> here = Stretch(real, bytes.Length);
            here.CopyTo(bytes);
            bytes = bytes[here.Length..];
            real += (ulong)here.Length;
        }

        return true;
    }

    /// <summary>Writes RAM across contiguous ranges and drops code decoded from it; false, and nothing written, if any byte is not RAM.</summary>
    public bool CopyIn(ulong real, ReadOnlySpan<byte> bytes)
    {
        if (!IsRam(real, (ulong)bytes.Length))
            return false;
        InvalidateCode(real, (ulong)bytes.Length);
        while (bytes.Length > 0)
        {
            Span<byte> here = Stretch(real, bytes.Length);
            bytes[..here.Length].CopyTo(here);
            bytes = bytes[here.Length..];
            real += (ulong)here.Length;
        }

        return true;
    }

    /// <summary>Decoded code of this memory.</summary>
    public Execution.CodeCache Code { get; } = new();

    /// <summary>Who is told of accesses to secure memory that were refused, or null.</summary>
    public ISecureMemoryMonitor? Monitor { get; set; }

    /// <summary>Must be called after bytes of RAM were written through <see cref="Pointer"/>: code decoded from them is dropped. Bytes that are no RAM are skipped.</summary>
    public void InvalidateCode(ulong real, ulong length)
    {
        if (length == 0)
            return;
        ulong end = real + (length - 1);
        RamRange? only = FindRam(real);
        if (only is not null && end - only.Base < only.Size)
        {
            InvalidateCode(only, real - only.Base, end - only.Base);
            return;
        }

        for (int n = FirstRangeFrom(real); n < ranges.Length && ranges[n].Base <= end; n++)
        {
            RamRange range = ranges[n];
            InvalidateCode(range, Math.Max(real, range.Base) - range.Base, Math.Min(end - range.Base, range.Size - 1));
        }
    }

    /// <summary>Frees the RAM that <see cref="AddRam"/> made.</summary>
    public void Dispose()
    {
        Code.Dispose();
        foreach (RamRange range in ranges)
            range.Dispose();
        ranges = [];
        Array.Clear(recent);
    }

    private static int Slot(ulong real)
    {
        // Bit 48, which tells secure memory, becomes an index bit of its own.
        ulong unit = real >> UnitShift;
        return (int)((unit ^ (unit >> (48 - UnitShift - RecentBits + 1))) & ((1 << RecentBits) - 1));
    }

    private static void InvalidateCode(RamRange range, ulong first, ulong last)
    {
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

    private RamRange? SearchRam(ulong real)
    {
        int index = FirstRangeFrom(real);
        if (index == ranges.Length || real < ranges[index].Base)
            return null;
        return recent[Slot(real)] = ranges[index];
    }

    // RAM from an address to the end of its range, at most so many bytes.
    private Span<byte> Stretch(ulong real, int length)
    {
        RamRange range = FindRam(real)!;
        ulong offset = real - range.Base;
        return new Span<byte>(range.Host + offset, (int)Math.Min((ulong)length, range.Size - offset));
    }

    private static void CheckRange(ulong baseAddress, ulong size)
    {
        if (size == 0 || ((baseAddress | size) & (Unit - 1)) != 0 || size - 1 > ulong.MaxValue - baseAddress)
            throw new ArgumentException($"RAM at 0x{baseAddress:x}, size 0x{size:x}: base and size must be multiples of 64 KiB, size must not be 0 and the end must be an address");
    }

    private void Insert(RamRange range)
    {
        int index = FirstRangeFrom(range.Base);
        if (index < ranges.Length && ranges[index].Base - range.Base < range.Size)
            Overlap(range, ranges[index]);
        if (index < ranges.Length && range.Base - ranges[index].Base < ranges[index].Size)
            Overlap(range, ranges[index]);
        ranges = [.. ranges.AsSpan(0, index), range, .. ranges.AsSpan(index)];
    }

    private static void Overlap(RamRange range, RamRange other)
    {
        range.Dispose();
        throw new ArgumentException($"RAM at 0x{range.Base:x}, size 0x{range.Size:x} overlaps RAM at 0x{other.Base:x}");
    }

    private readonly record struct DeviceRange(ulong Base, ulong Size, IMmioDevice Device);
}
