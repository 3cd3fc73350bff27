using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using ELFSharp.ELF;
using ELFSharp.ELF.Sections;
using ELFSharp.ELF.Segments;
using RenodeUvmem.Platform.Diagnostics;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>What a kernel's file gives: the entry, and names for the hypervisor's addresses.</summary>
public sealed partial class Power9
{
    // Kept as plain arrays: a snapshot carries them.
    private ulong[] kernelAddresses = [];
    private string[] kernelNames = [];

    /// <summary>Sets the PC to the real address of a kernel's entry: kernels are linked at virtual addresses and entered in real mode.</summary>
    public override void InitFromElf(IELF elf)
    {
        ulong address = elf.GetEntryPoint();
        foreach (ISegment segment in elf.Segments)
        {
            ulong offset = address - segment.GetSegmentAddress();
            if (segment.Type == SegmentType.Load && offset < segment.GetSegmentSize())
            {
                address = segment.GetSegmentPhysicalAddress() + offset;
                break;
            }
        }

        this.Log(LogLevel.Info, "Setting PC value to 0x{0:X}.", address);
        PC = address;

        // One CPU's are enough.
        if (shared!.Members[0].Cpu != this)
            return;
        SymbolEntry<ulong>[] symbols =
        [
            .. elf.Sections.OfType<SymbolTable<ulong>>()
                .SelectMany(table => table.Entries)
                .Where(symbol => symbol.Type is SymbolType.Function or SymbolType.NotSpecified && symbol.Value != 0 && symbol.Name.Length != 0),
        ];
        kernelAddresses = [.. symbols.Select(symbol => symbol.Value)];
        kernelNames = [.. symbols.Select(symbol => symbol.Name)];
        ApplySymbols();
    }

    /// <summary>Gives the machine the names of its kernel.</summary>
    internal void ApplySymbols()
    {
        if (kernelNames.Length != 0)
            shared!.Symbols.Hypervisor = SymbolTable.Of(kernelAddresses.Zip(kernelNames));
    }
}
