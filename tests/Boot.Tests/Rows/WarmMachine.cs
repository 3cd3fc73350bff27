using System.Collections.Concurrent;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A machine that was booted once and kept where the hypervisor waits for a row, so that each row begins there.</summary>
/// <param name="SecureMemory">Bytes of secure memory.</param>
/// <param name="Settings">Settings of the ultravisor.</param>
/// <param name="Processors">Number of processors.</param>
/// <param name="FromPowerOn">What applies from power-on, or null.</param>
/// <param name="EditDeviceTree">What its device tree has otherwise, or null.</param>
internal sealed record WarmMachine(ulong SecureMemory, UltravisorOptions Settings, int Processors, Injection? FromPowerOn, Action<FdtNode>? EditDeviceTree)
{
    // Firmware/common/protocol.h.
    private const string NextRow = "svmhost: next row?";

    // Seconds of a guest's silence; a row that hangs must not cost much.
    private const string TypedRows = "case:- uvmem.timeout=5";
    private const long InstructionLimit = 12_000_000_000;

    private static readonly ConcurrentDictionary<(WarmMachine Machine, string? Ready), Lazy<BootRecord>> Kept = [];

    /// <summary>Its interrupt controller.</summary>
    public InterruptModel Interrupts { get; init; } = InterruptModel.Xive;

    /// <summary>The machine with a guest that runs, or without any.</summary>
    /// <param name="ready">Stimulus that brings the guest so far, or null for none.</param>
    public BootRecord Boot(string? ready) => Kept.GetOrAdd((this, ready), key => new Lazy<BootRecord>(() => Keep(key.Ready))).Value;

    /// <summary>Runs a row.</summary>
    /// <param name="name">Name of the boot.</param>
    /// <param name="word">What is typed.</param>
    /// <param name="ready">The guest that runs when it begins, or null.</param>
    /// <param name="injections">What applies while it runs, by its name.</param>
    /// <param name="settings">Settings of the ultravisor that count from here on, or null.</param>
    public BootRecord Run(string name, string word, string? ready, IReadOnlyDictionary<string, Injection> injections, UltravisorOptions? settings) =>
        BootRecord.Of(Plan(name) with { From = Boot(ready), Typed = [word], Injections = injections, Ultravisor = settings });

    /// <summary>Forgets all kept machines: they take much memory.</summary>
    public static void ForgetAll() => Kept.Clear();

    /// <summary>A boot from power-on to where it waits for a row; what more it does is to be added.</summary>
    public BootPlan PowerOn(string name) => Plan(name) with { SecureMemory = SecureMemory, Ultravisor = Settings, Processors = Processors, PowerOn = FromPowerOn, Interrupts = Interrupts, EditDeviceTree = EditDeviceTree };

    private static BootPlan Plan(string name) => new() { Name = name, Run = TypedRows, Instructions = InstructionLimit, Prompt = NextRow };

    private BootRecord Keep(string? ready)
    {
        string name = $"warm-{SecureMemory >> 20}-{Processors}{(Interrupts == InterruptModel.Xive ? "" : "-" + Interrupts)}{(FromPowerOn is null ? "" : "-" + FromPowerOn.Overrides[0].Split(' ')[0])}{(EditDeviceTree is null ? "" : "-" + EditDeviceTree.Method.Name)}";
        BootPlan plan = ready is null ? PowerOn(name) : Plan($"{name}-{ready}") with { From = Boot(null), Typed = [ready] };
        var boot = BootRecord.Of(plan with { IsKept = true });
        if (boot.End.End != RunEnd.TextFound || (ready is not null && !boot.HasEnded(ready)))
            throw new InvalidOperationException($"the machine {plan.Name} does not come so far that rows can run: {boot.End.End} {boot.End.Message}");
        return boot;
    }
}
