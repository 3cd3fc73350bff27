using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A boot of the whole machine.</summary>
internal sealed record BootPlan
{
    /// <summary>Name, also of the files that it leaves.</summary>
    public required string Name { get; init; }

    /// <summary>The kept boot at whose end it begins, or null: it begins at power-on. Of the machine only settings of the ultravisor can be others then.</summary>
    public BootRecord? From { get; init; }

    /// <summary>The word uvmem.run= of firmware/README.md.</summary>
    public required string Run { get; init; }

    /// <summary>A line of the console to which <see cref="Typed"/> has the answers; it is over when there is none left. Null: it ends with power-off.</summary>
    public string? Prompt { get; init; }

    /// <summary>What is typed, a line for each <see cref="Prompt"/>. A boot that goes on from another stands at one.</summary>
    public IReadOnlyList<string> Typed { get; init; } = [];

    /// <summary>Whether the machine is kept as it is at the end, for others to begin there.</summary>
    public bool IsKept { get; init; }

    /// <summary>Bytes of secure memory, or null for a machine without an ultravisor.</summary>
    public ulong? SecureMemory { get; init; }

    /// <summary>Settings of the ultravisor.</summary>
    public UltravisorOptions? Ultravisor { get; init; }

    /// <summary>Number of processors.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>The interrupt controller.</summary>
    public InterruptModel Interrupts { get; init; } = InterruptModel.Xive;

    /// <summary>Whether processors execute at the same time, each on a host thread. Without gates and the like.</summary>
    public bool InParallel { get; init; }

    /// <summary>When code is hot enough to be translated, or null: all is interpreted.</summary>
    public Hotness? Translated { get; init; }

    /// <summary>What the device tree of the machine has otherwise, or null.</summary>
    public Action<FdtNode>? EditDeviceTree { get; init; }

    /// <summary>What applies from power-on, or null.</summary>
    public Injection? PowerOn { get; init; }

    /// <summary>What applies while a row runs, by its name.</summary>
    public IReadOnlyDictionary<string, Injection> Injections { get; init; } = new Dictionary<string, Injection>();

    /// <summary>Whether bytes in bounce buffers are counted.</summary>
    public bool CountBounces { get; init; }

    /// <summary>Far more than the boot needs; a machine that hangs becomes a failure.</summary>
    public long Instructions { get; init; } = 40_000_000_000;

    /// <summary>Breaks at which the machine is paused, looked at and resumed.</summary>
    public IEnumerable<string> Breaks { get; init; } = [];
}
