using Antmicro.Migrant;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>
/// Which stops a debugger is told of. Renode's GDB stub takes the CPU that reported last for the one that stopped, and the framework reports every CPU that comes by a wait for a
/// step, again and again: with several CPUs the debugger would be shown the registers of a wrong one. So a wait is told only if it ends a step that was asked for, and of a pause
/// of the machine only the first CPU's.
/// </summary>
public sealed partial class Power9
{
    [Transient]
    private Action<HaltArguments>? debuggers;

    [Transient]
    private volatile StepState step;

    private enum StepState
    {
        None,
        Asked,
        Executed,
    }

    event Action<HaltArguments>? ICPU.Halted
    {
        add
        {
            // Not twice, also if a snapshot brought it along.
            Halted -= TellDebuggers;
            Halted += TellDebuggers;
            debuggers += value;
        }

        remove => debuggers -= value;
    }

    ulong ICPU.Step(int count)
    {
        step = StepState.Asked;
        return Step(count);
    }

    private void TellDebuggers(HaltArguments args)
    {
        if (args.Reason == HaltReason.Step && step != StepState.Executed)
            return;
        step = StepState.None;
        if (args.Reason == HaltReason.Pause && shared is not null && !shared.IsFirstToPause())
            return;
        debuggers?.Invoke(args);
    }
}
