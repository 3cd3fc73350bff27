using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform;

/// <summary>What the machine consists of. Devices and device tree are both made from it.</summary>
public sealed class MachineDescription(MemoryMap memory, IReadOnlyList<uint> pirs, bool ultravisor, string commandLine)
{
    /// <summary>Threads of a POWER9 core: PIRs of cores are this far apart.</summary>
    public const uint ThreadsPerCore = 4;

    /// <summary>Most processors: keeps PIRs within what one chip has.</summary>
    public const int MaximumProcessors = 24;

    /// <summary>Interrupt source of OPAL: above the numbers that XICS keeps for itself (0 none, 2 IPI), the first one of XIVE.</summary>
    public const uint OpalInterrupt = 0x10;

    /// <summary>Real addresses.</summary>
    public MemoryMap Memory { get; } = memory;

    /// <summary>PIR of each processor. The first one boots.</summary>
    public IReadOnlyList<uint> Pirs { get; } = pirs;

    /// <summary>Whether the Secure Memory Facility is on and an ultravisor runs.</summary>
    public bool Ultravisor { get; } = ultravisor;

    /// <summary>Kernel command line.</summary>
    public string CommandLine { get; } = commandLine;

    /// <summary>The interrupt controller.</summary>
    public InterruptModel Interrupts { get; init; } = InterruptModel.Xive;

    /// <summary>Real address and size of the initrd; size 0 for none.</summary>
    public (ulong Address, ulong Size) Initrd { get; init; }

    /// <summary>As <see cref="MachineOptions.EditDeviceTree"/>.</summary>
    public Action<FdtNode>? EditDeviceTree { get; init; }

    /// <summary>PIRs of thread 0 of consecutive cores.</summary>
    public static IReadOnlyList<uint> ConsecutiveCores(int count) => [.. Enumerable.Range(0, count).Select(n => (uint)n * ThreadsPerCore)];

    /// <summary>Real address of OPAL's in-memory console, see <see cref="Opal.MemoryConsole"/>.</summary>
    public ulong OpalMessages => Memory.FirmwareBase + 0x10000;

    /// <summary>Real address of the ultravisor's in-memory console. It lies in normal memory, for the hypervisor to read.</summary>
    public ulong UltravisorMessages => Memory.FirmwareBase + 0x20000;
}
