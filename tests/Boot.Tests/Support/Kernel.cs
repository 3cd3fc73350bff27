using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Linux;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>What is known of the kernel that runs as hypervisor and guest.</summary>
internal static class Kernel
{
    private static readonly Lazy<SymbolTable> LazyFunctions = new(() => SymbolTable.OfSystemMap("--symbols", Images.SystemMap));
    private static readonly Lazy<SymbolTable> LazyVariables = new(() => SymbolTable.OfSystemMap("--symbols", Images.SystemMap, data: true));
    private static readonly Lazy<KernelLayout> LazyLayout = new(() => KernelLayout.Read("kernel-layout.txt", Images.KernelLayout));

    /// <summary>Its functions.</summary>
    public static SymbolTable Functions => LazyFunctions.Value;

    /// <summary>Its variables.</summary>
    public static SymbolTable Variables => LazyVariables.Value;

    /// <summary>Its functions, in hypervisor and guest.</summary>
    public static MachineSymbols Symbols => new() { Hypervisor = Functions, Guest = Functions };

    /// <summary>Its structures.</summary>
    public static KernelLayout Layout => LazyLayout.Value;
}
