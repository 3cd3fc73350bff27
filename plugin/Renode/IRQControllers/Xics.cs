using Antmicro.Renode.Core;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Renode.Machines;
using XicsCore = RenodeUvmem.Platform.Interrupts.Xics;

namespace Antmicro.Renode.Peripherals.IRQControllers;

/// <summary>Interrupt controller with the semantics of XICS, behind OPAL calls. Inputs are edges. It has no registers of its own.</summary>
public sealed class Xics : OpalInterruptController
{
    /// <summary>A controller.</summary>
    public Xics(IMachine machine)
    {
        this.machine = machine;
    }

    private readonly IMachine machine;

    /// <inheritdoc/>
    internal override InterruptModel Model => InterruptModel.Xics;

    /// <inheritdoc/>
    internal override IInterruptController Make(PowerMachine shared) => new XicsCore();
}
