using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Renode.Machines;

namespace Antmicro.Renode.Peripherals.IRQControllers;

/// <summary>
/// An interrupt controller that OPAL knows. Inputs are interrupt sources, <see cref="FirstSource"/> + n; output n goes to input 0 of the CPU with the nth PIR: <c>0 -> cpu0@0</c>.
/// </summary>
public abstract class OpalInterruptController : INumberedGPIOOutput, IGPIOReceiver
{
    /// <summary>Interrupt source of input 0.</summary>
    public const uint FirstSource = 0x20;

    /// <summary>Number of inputs.</summary>
    protected const int Inputs = 32;

    private const int Outputs = 24;

    [Antmicro.Migrant.Transient]
    private IInterruptController? core;

    /// <summary>A controller.</summary>
    protected OpalInterruptController()
    {
        Connections = Enumerable.Range(0, Outputs).ToDictionary(n => n, _ => (IGPIO)new GPIO());
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, IGPIO> Connections { get; }

    /// <summary>Which one it is.</summary>
    internal abstract InterruptModel Model { get; }

    /// <summary>The controller of this power cycle, null before.</summary>
    internal IInterruptController? Controller => core;

    /// <inheritdoc/>
    public void Reset()
    {
        core = null;
        foreach (IGPIO output in Connections.Values)
            output.Unset();
    }

    /// <summary>A line of a device.</summary>
    public void OnGPIO(int number, bool value)
    {
        if (core is null || number is < 0 or >= Inputs)
        {
            if (value)
                this.Log(LogLevel.Warning, core is null ? "Edge on input {0} before power-on is lost" : "There is no input {0}", number);
            return;
        }

        Drive(FirstSource + (uint)number, value);
    }

    /// <summary>A fresh controller for these CPUs.</summary>
    /// <exception cref="RecoverableException">An output is not connected.</exception>
    internal IInterruptController Build(PowerMachine shared)
    {
        core = Make(shared);
        for (uint n = 0; n < Inputs; n++)
            core.AddSource(FirstSource + n);
        for (int n = 0; n < shared.Members.Count; n++)
        {
            IGPIO output = Connections[n];
            if (output.Endpoints.Count == 0)
                throw new RecoverableException($"output {n} of the interrupt controller is not connected; add '{n} -> cpu{n}@0' to it in the platform description");
            RenodeUvmem.Power9.Execution.Cpu cpu = shared.Members[n].Processor.Cpu;
            core.AddServer(cpu.Pir, output.Set, cpu.SetOsInput);
        }

        return core;
    }

    /// <summary>A controller without sources and servers.</summary>
    internal abstract IInterruptController Make(PowerMachine shared);

    /// <summary>A source's line changed, or not.</summary>
    private protected virtual void Drive(uint source, bool value)
    {
        if (value)
            core!.Raise(source);
    }
}
