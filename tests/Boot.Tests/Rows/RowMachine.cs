using System.Collections.Concurrent;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A machine on which rows run, each in one of its own that begins where a <see cref="WarmMachine"/> was kept.</summary>
/// <param name="name">Its name.</param>
/// <param name="secureMemory">Bytes of secure memory.</param>
/// <param name="options">Settings of the ultravisor.</param>
/// <param name="processors">Number of processors.</param>
internal sealed class RowMachine(string name, ulong secureMemory, UltravisorOptions? options = null, int processors = 1)
{
    private static readonly ConcurrentDictionary<(RowMachine Machine, string Part), Lazy<BootRecord>> Boots = [];

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether guests ask to be secure: a normal one's memory is in plain sight.</summary>
    public bool IsSecure { get; init; } = true;

    /// <summary>The stimulus that sees to it that a guest runs.</summary>
    public string Ready { get; init; } = "ready";

    /// <summary>What applies from power-on, or null.</summary>
    public Injection? FromPowerOn { get; init; }

    /// <summary>Its interrupt controller.</summary>
    public InterruptModel Interrupts { get; init; } = InterruptModel.Xive;

    /// <summary>What its device tree has otherwise, or null.</summary>
    public Action<FdtNode>? EditDeviceTree { get; init; }

    /// <summary>Where its rows begin. LeftToDone is asked in UV_ESM alone: what was kept before is the same with it and without.</summary>
    public WarmMachine Warm => new(secureMemory, (options ?? new UltravisorOptions()) with { LeftToDone = null }, processors, FromPowerOn, EditDeviceTree) { Interrupts = Interrupts };

    /// <summary>The boot in which a row ran. Rows with the same part share it; one that no other row looks at is not remembered, for it takes much memory.</summary>
    public BootRecord Boot(Row row) => Matrix.IsShared(row) ? Boots.GetOrAdd((this, row.Part), _ => new Lazy<BootRecord>(() => Run(row))).Value : Run(row);

    /// <summary>Forgets all boots of rows.</summary>
    public static void ForgetAll() => Boots.Clear();

    /// <summary>The row's part of its boot.</summary>
    public Segment Segment(Row row) => Boot(row).Row(row.Part);

    /// <summary>Runs a row, once more if it ran before.</summary>
    public BootRecord Run(Row row)
    {
        Row driver = Matrix.DriverOf(row);
        var injections = new Dictionary<string, Injection>();
        if (driver.IsInjected)
            injections[driver.Part] = new Injection(driver.Rules, driver.Gates, driver.Overrides);
        return Warm.Run($"row-{name}-{driver.Part}", driver.Word, driver.Boots ? null : Ready, injections, options);
    }
}
