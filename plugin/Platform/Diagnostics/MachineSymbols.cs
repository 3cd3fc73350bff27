using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Symbols of the hypervisor and of its guests, apart: often the same kernel runs in both, at the same addresses.</summary>
public sealed class MachineSymbols : ISymbols
{
    // Linux's linear map (arch/powerpc/include/asm/page.h). Real mode ignores these bits, and a kernel enters the ultravisor from there too.
    private const ulong PageOffset = 0xC000_0000_0000_0000;
    private const ulong RealMask = 0x0FFF_FFFF_FFFF_FFFF;

    /// <summary>The hypervisor's.</summary>
    public SymbolTable Hypervisor { get; set; } = SymbolTable.Empty;

    /// <summary>Those of the guests' kernel.</summary>
    public SymbolTable Guest { get; set; } = SymbolTable.Empty;

    /// <summary>The table for a world.</summary>
    public SymbolTable Of(World world) => world switch
    {
        World.Hypervisor => Hypervisor,
        World.Guest or World.SecureGuest => Guest,
        _ => SymbolTable.Empty,
    };

    /// <inheritdoc/>
    public string? Describe(ulong address, World world, ulong lpid) =>
        Of(world).Describe(address) ?? ((address & ~RealMask) == 0 ? Of(world).Describe(address | PageOffset) : null);

    /// <summary>Name of the function that an address of a world is in, without the compiler's marks, or null.</summary>
    public string? FunctionAt(ulong address, World world) =>
        Of(world).FunctionAt(address) ?? ((address & ~RealMask) == 0 ? Of(world).FunctionAt(address | PageOffset) : null);
}
