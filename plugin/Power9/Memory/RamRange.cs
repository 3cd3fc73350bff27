using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Memory;

/// <summary>What the emulator keeps about each 4 KiB page of RAM. 16 bytes.</summary>
public unsafe struct PageInfo
{
    /// <summary>Decoded code of this page (list over decode modes), or null.</summary>
    public Execution.CodePage* Code;

    /// <summary>Bit n: address space n has a store entry for this page. Cleared entries may leave bits set.</summary>
    public ulong Writers;
}

/// <summary>A range of RAM that is contiguous in the host's memory too.</summary>
public sealed unsafe class RamRange
{
    private readonly Func<nint>? provide;
    private byte* host;

    internal RamRange(ulong baseAddress, ulong size, bool secure, byte* host, bool owned)
    {
        Base = baseAddress;
        Size = size;
        Secure = secure;
        this.host = host;
        IsOwned = owned;
        Pages = (PageInfo*)NativeMemory.AllocZeroed((nuint)(size >> 12), (nuint)sizeof(PageInfo));
    }

    internal RamRange(ulong baseAddress, ulong size, bool secure, Func<nint> provide)
        : this(baseAddress, size, secure, null, owned: false) => this.provide = provide;

    /// <summary>Real address of the first byte.</summary>
    public ulong Base { get; }

    /// <summary>Size in bytes.</summary>
    public ulong Size { get; }

    /// <summary>Whether only S=1 may access it.</summary>
    public bool Secure { get; }

    /// <summary>Whether <see cref="PhysicalMemory.AddRam"/> made it, zeroed; otherwise a host did, and knows what was in it.</summary>
    public bool IsOwned { get; }

    /// <summary>Host address of the first byte; changes only by <see cref="PhysicalMemory.Rebase"/>. A host that gives memory on demand gives it now.</summary>
    public byte* Host => host != null || provide is null ? host : host = (byte*)provide();

    /// <summary>As <see cref="Host"/>, null where the memory was not asked for yet: all of it is zero, and nothing was decoded from it.</summary>
    public byte* HostIfGiven => host;

    /// <summary>Page records, one for each 4 KiB.</summary>
    public PageInfo* Pages { get; private set; }

    internal void MoveTo(byte* host)
    {
        if (IsOwned && host != this.host)
            throw new InvalidOperationException($"RAM at 0x{Base:x} is this library's own and can't move");
        this.host = host;
    }

    internal void Dispose()
    {
        if (IsOwned && host != null)
            NativeMemory.Free(host);
        if (Pages != null)
            NativeMemory.Free(Pages);
        host = null;
        Pages = null;
    }
}
