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

    // A debugger was told of a watchpoint, and nothing was executed since.
    [Transient]
    private bool atWatchpoint;

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

    bool ICpuSupportingGdb.DebuggerConnected
    {
        get => DebuggerConnected;
        set
        {
            DebuggerConnected = value;

            // Ctrl-C paused the CPU alone, and a debugger that goes away does not resume it.
            if (!value && IsPaused && !machine.IsPaused)
                Resume();
        }
    }

    ulong ICPU.Step(int count)
    {
        // On POWER an access that is watched traps before it happens, so gdb takes the watchpoint away and steps over the instruction before it shows the stop. Here the instruction
        // was executed: that step has nothing to do.
        if (atWatchpoint && watchedPages.Count == 0)
        {
            atWatchpoint = false;
            debuggers?.Invoke(new HaltArguments(HaltReason.Step, this));
            return PC.RawValue;
        }

        step = StepState.Asked;
        return Step(count);
    }

    /// <summary>Stops in the debugger, if there is one, as Ctrl-C there does. On this CPU's thread, behind an instruction.</summary>
    internal bool StopForDebugger()
    {
        if (!DebuggerConnected || debuggers is null)
            return false;
        step = StepState.None;
        ExecutionMode = ExecutionMode.SingleStep;

        // The step under way ends here.
        singleStepSynchronizer.StepInterrupted();
        if (!haltTold)
        {
            haltTold = true;
            debuggers.Invoke(new HaltArguments(HaltReason.Pause, this));
        }

        return true;
    }

    private void TellDebuggers(HaltArguments args)
    {
        if (args.Reason == HaltReason.Step && step != StepState.Executed)
            return;
        step = StepState.None;
        if (args.Reason == HaltReason.Pause && shared is not null && !shared.IsFirstToPause())
            return;
        atWatchpoint = args.BreakpointType is BreakpointType.AccessWatchpoint or BreakpointType.ReadWatchpoint or BreakpointType.WriteWatchpoint;
        debuggers?.Invoke(args);
    }
}
