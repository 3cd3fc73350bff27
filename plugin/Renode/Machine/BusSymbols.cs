using Antmicro.Renode.Peripherals.Bus;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Renode.Machines;

/// <summary>Names of addresses: the hypervisor's are those that Renode loaded with its kernel, guests' come from a System.map of theirs.</summary>
internal sealed class BusSymbols(IBusController bus) : ISymbols
{
    /// <summary>Names in guests.</summary>
    public SymbolTable Guest { get; set; } = SymbolTable.Empty;

    /// <inheritdoc/>
    public string? Describe(ulong address, World world, ulong lpid)
    {
        if (world != World.Hypervisor)
            return Guest.Describe(address);
        if (!bus.TryFindSymbolAt(address, out string name, out Antmicro.Renode.Core.Symbol symbol))
            return null;
        ulong offset = address - symbol.Start.RawValue;
        return offset == 0 ? name : $"{name}+0x{offset:x}";
    }
}
