using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>One data TLB entry: 4 KiB of effective addresses. 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct TlbEntry
{
    /// <summary>Entries of one data TLB.</summary>
    public const int Count = 2048;

    /// <summary>Never equal to a page-aligned address.</summary>
    public const ulong Invalid = ulong.MaxValue;

    /// <summary>Effective page address if loads may use the entry, else <see cref="Invalid"/>.</summary>
    public ulong ReadTag;

    /// <summary>Effective page address if stores may use the entry directly, else <see cref="Invalid"/> (no permission, C bit unset, or decoded code lies there).</summary>
    public ulong WriteTag;

    /// <summary>Host address = effective address + Addend.</summary>
    public nint Addend;

    /// <summary>Real page address.</summary>
    public ulong RealPage;

    /// <summary>Whether loads or stores to an effective page may use the entry.</summary>
    public readonly bool Holds(ulong page) => ReadTag == page || WriteTag == page;
}

/// <summary>One instruction TLB entry: an effective code page and its decoded slots. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public unsafe struct CodeTlbEntry
{
    /// <summary>Entries of one instruction TLB.</summary>
    public const int Count = 512;

    /// <summary>Effective page address, or <see cref="TlbEntry.Invalid"/>.</summary>
    public ulong Tag;

    /// <summary>First slot of the decoded page.</summary>
    public Isa.Insn* Slots;
}
