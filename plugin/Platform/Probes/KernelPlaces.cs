using System.Buffers.Binary;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Platform.Probes;

/// <summary>Addresses of places in the hypervisor's kernel, which lies in memory already.</summary>
internal sealed class KernelPlaces(SymbolTable symbols, PhysicalMemory memory)
{
    // A function that may be called from elsewhere begins with addis r2,r12 or lis r2, then addi r2,r2; the kernel's own calls go behind these two
    // (Power Architecture 64-bit ELF V2 ABI 2.3.2.1).
    private const uint UpperHalf = 0xFFFF0000;
    private const uint AddisR2R12 = 0x3C4C0000;
    private const uint LisR2 = 0x3C400000;
    private const uint AddiR2R2 = 0x38420000;
    private const ulong LocalEntry = 8;

    /// <summary>All addresses of a place.</summary>
    /// <exception cref="RequestException">There is no such function.</exception>
    public IReadOnlyList<ulong> Find(ProbePlace place)
    {
        Check(place.Symbol);
        return [.. symbols.FindFunction(place.Symbol).Select(address => place.Offset == 0 ? Entry(address) : address + place.Offset)];
    }

    /// <summary>Fails unless a function has a symbol.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public void Check(string? function)
    {
        if (function is null || symbols.FindFunction(function).Count != 0)
            return;
        string otherwise = symbols.Count == 0 ? "; the hypervisor has no symbols, give a System.map" : "; the compiler may have put it into its callers, then name one of these";
        throw new RequestException($"the hypervisor's kernel has no function {function}" + CloseMatch.Hint(function, symbols.Functions.Distinct(), otherwise));
    }

    private ulong Entry(ulong address) =>
        (Word(address) & UpperHalf) is AddisR2R12 or LisR2 && (Word(address + 4) & UpperHalf) == AddiR2R2 ? address + LocalEntry : address;

    private uint Word(ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return new OpalMemory(memory).TryRead(address, bytes) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }
}
