using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform;

/// <summary>What a user chooses of a machine.</summary>
public sealed record MachineOptions
{
    /// <summary>Path of the kernel, an ELF file.</summary>
    public required string Kernel { get; init; }

    /// <summary>Path of the initrd, or null.</summary>
    public string? Initrd { get; init; }

    /// <summary>Kernel command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Bytes of normal RAM.</summary>
    public ulong Memory { get; init; } = 2UL << 30;

    /// <summary>Bytes of secure memory.</summary>
    public ulong SecureMemory { get; init; }

    /// <summary>Number of processors.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>Whether the Secure Memory Facility is on and an ultravisor runs.</summary>
    public bool Ultravisor { get; init; }

    /// <summary>The interrupt controller.</summary>
    public InterruptModel Interrupts { get; init; } = InterruptModel.Xive;

    /// <summary>Changes the device tree, of which it is given the root, before Linux gets it; or null. It changes what Linux is told, not what the machine has.</summary>
    public Action<FdtNode>? EditDeviceTree { get; init; }

    /// <summary>Settings of the ultravisor.</summary>
    public UltravisorOptions UltravisorOptions { get; init; } = new();
}
