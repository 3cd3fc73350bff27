using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Renode.Machines;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Rules;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>
/// The ultravisor: answers <c>sc 2</c> of the CPUs on its bus and keeps the pages of secure guests. Its commands are those of a firmware developer. Split by concern: Monitor, Probes, Events.
/// </summary>
public sealed partial class PowerUltravisor : IPeripheral, IDisposable, IBreakListener
{
    private readonly ulong seed;
    private readonly bool overcommit;

    [Transient]
    private UltravisorModel? model;

    [Transient]
    private PowerMachine? shared;

    /// <summary>An ultravisor over the memory of a controller.</summary>
    /// <param name="machine">Machine.</param>
    /// <param name="memoryController">Its secure memory.</param>
    /// <param name="seed">Seeds keys and cookies: equal seeds give equal runs.</param>
    /// <param name="overcommit">Register guests beyond the size of secure memory; page-in fails when it is full.</param>
    /// <exception cref="ConstructionException">There is no controller.</exception>
    public PowerUltravisor(IMachine machine, SecureMemoryController? memoryController = null, ulong seed = 0x5EC0_0D5E, bool overcommit = false)
    {
        if (memoryController is null)
            throw new ConstructionException("PowerUltravisor needs secure memory; add 'memoryController: smc' with 'smc: Miscellaneous.SecureMemoryController'");
        this.seed = seed;
        this.overcommit = overcommit;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        EndTrace();
        model = null;
        log = null;
    }

    /// <summary>Completes a trace; called when the machine goes.</summary>
    public void Dispose()
    {
        EndTrace();
        model?.Dispose();
    }

    void IBreakListener.Hit(in BreakHit hit)
    {
        this.Log(LogLevel.Info, "{0}", BreakText.Format(hit, shared!.Symbols));
        shared.Break();
    }

    /// <summary>A fresh ultravisor over the CPUs of a machine.</summary>
    internal UltravisorModel Build(PowerMachine made)
    {
        shared = made;
        model = new UltravisorModel(made.Memory, new UltravisorOptions { Seed = seed, Overcommit = overcommit });
        foreach ((_, RenodeUvmem.Platform.Processor processor) in made.Members)
            model.Attach(processor.Cpu);
        foreach (string rule in rules)
            model.Rules.Add(rule);
        foreach (string one in breaks)
            model.Breaks.Add(one);
        model.Breaks.Listener = this;
        ApplyLogging(model);
        LoadGuestSymbols();
        return model;
    }
}
