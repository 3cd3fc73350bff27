using Antmicro.Renode.Core;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Renode.Machines;

namespace Antmicro.Renode.Peripherals.IRQControllers;

/// <summary>
/// POWER9's interrupt controller. Inputs below <see cref="FirstLevel"/> are edges, the others levels. Its pages, and each CPU's line to what runs under the hypervisor, are the CPUs' alone:
/// what they show depends on who looks, so they are not on Renode's bus.
/// </summary>
public sealed class Xive : OpalInterruptController
{
    /// <summary>The first input that is a level.</summary>
    public const int FirstLevel = 16;

    /// <summary>A controller.</summary>
    public Xive(IMachine machine)
    {
        this.machine = machine;
    }

    private readonly IMachine machine;

    /// <inheritdoc/>
    internal override InterruptModel Model => InterruptModel.Xive;

    /// <inheritdoc/>
    internal override IInterruptController Make(PowerMachine shared)
    {
        var made = new XiveController(shared.Memory, new PeripheralLog(this));
        for (uint source = FirstSource + FirstLevel; source < FirstSource + Inputs; source++)
            made.Sources.MakeLevel(source);
        return made;
    }

    private protected override void Drive(uint source, bool value)
    {
        var xive = (XiveController)Controller!;
        bool isLevel = source >= FirstSource + FirstLevel;
        if (isLevel)
            xive.Sources.SetLevel(source, value);
        if (!isLevel || !xive.IsExploited)
            base.Drive(source, value);
    }
}
