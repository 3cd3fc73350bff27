using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Renode.Machines;
using XicsCore = RenodeUvmem.Platform.Interrupts.Xics;

namespace Antmicro.Renode.Peripherals.IRQControllers;

/// <summary>
/// Interrupt controller with the semantics of XICS, behind OPAL calls. Inputs are edges of devices, interrupt source <see cref="FirstSource"/> + n; output n goes to input 0 of the
/// CPU with the nth PIR: <c>0 -> cpu0@0</c>. It has no registers of its own.
/// </summary>
public sealed class Xics : INumberedGPIOOutput, IGPIOReceiver
{
    /// <summary>Interrupt source of input 0.</summary>
    public const uint FirstSource = 0x20;

    private const int Inputs = 32;
    private const int Outputs = 24;

    [Antmicro.Migrant.Transient]
    private XicsCore? core;

    /// <summary>A controller.</summary>
    public Xics(IMachine machine)
    {
        this.machine = machine;
        Connections = Enumerable.Range(0, Outputs).ToDictionary(n => n, _ => (IGPIO)new GPIO());
    }

    private readonly IMachine machine;

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, IGPIO> Connections { get; }

    /// <summary>The controller of this power cycle, null before.</summary>
    internal XicsCore? Controller => core;

    /// <inheritdoc/>
    public void Reset()
    {
        core = null;
        foreach (IGPIO output in Connections.Values)
            output.Unset();
    }

    /// <summary>A rising edge raises source <see cref="FirstSource"/> + <paramref name="number"/>.</summary>
    public void OnGPIO(int number, bool value)
    {
        if (!value)
            return;
        if (core is null || number is < 0 or >= Inputs)
        {
            this.Log(LogLevel.Warning, core is null ? "Edge on input {0} before power-on is lost" : "There is no input {0}", number);
            return;
        }

        core.Raise(FirstSource + (uint)number);
    }

    /// <summary>A fresh controller for these CPUs.</summary>
    /// <exception cref="RecoverableException">An output is not connected.</exception>
    internal XicsCore Build(PowerMachine shared)
    {
        core = new XicsCore();
        for (uint n = 0; n < Inputs; n++)
            core.AddSource(FirstSource + n);
        for (int n = 0; n < shared.Members.Count; n++)
        {
            IGPIO output = Connections[n];
            if (output.Endpoints.Count == 0)
                throw new RecoverableException($"output {n} of the interrupt controller is not connected; add '{n} -> cpu{n}@0' to it in the platform description");
            core.AddServer(shared.Members[n].Processor.Cpu.Pir, output.Set);
        }

        return core;
    }
}
