using System.Buffers.Binary;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Platform.Probes;

/// <summary>Addresses of places in the hypervisor's kernel, which lies in memory already.</summary>
internal sealed class KernelPlaces(SymbolTable symbols, PhysicalMemory memory)
{
    // A function that may be called from elsewhere begins with addis r2,r12 or lis r2, then addi r2,r2; the kernel's own calls go behind these two
    // (Power Architecture 64-bit ELF V2 ABI 2.3.2.1).
    private const uint Toc = 2;
    private const uint GlobalEntry = 12;
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
        (IsToToc(Word(address), "addis", GlobalEntry) || IsToToc(Word(address), "addis", 0)) && IsToToc(Word(address + 4), "addi", Toc) ? address + LocalEntry : address;

    // Whether a word is an instruction with r2 as its target and a register, or 0, as its source.
    private static bool IsToToc(uint word, string mnemonic, uint source) =>
        InstructionTable.Instance.Find(word)?.Declaration.Mnemonic == mnemonic && FormFields.Bits(word, 6, 10) == Toc && FormFields.Bits(word, 11, 15) == source;

    private uint Word(ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return new OpalMemory(memory).TryRead(address, bytes) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }
}
