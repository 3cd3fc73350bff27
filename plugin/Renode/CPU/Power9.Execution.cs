using Antmicro.Migrant;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Timers;
using Antmicro.Renode.Time;
using RenodeUvmem.Platform.Diagnostics;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>Turns, time, and interrupts that end idle time.</summary>
public sealed partial class Power9
{
    // Renode counts virtual time in nanoseconds; 512 ticks of the time base are 1000 of them.
    private const ulong TicksNumerator = 64;
    private const ulong TicksDenominator = 125;

    // Wakes the thread when a decrementer does: the time framework then ends idle time exactly there.
    private readonly LimitTimer wakeTimer;

    // Renode's time that passed while the machine was held, which the guest does not see.
    private ulong heldTicks;

    [Transient]
    private bool externalInput;

    // Instructions executed that the time framework knows of.
    [Transient]
    private long reported;

    /// <summary>Executes. Whatever goes wrong is logged and aborts this CPU; nothing is thrown.</summary>
    public override ExecutionResult ExecuteInstructions(ulong numberOfInstructionsToExecute, out ulong numberOfExecutedInstructions)
    {
        numberOfExecutedInstructions = 0;
        haltTold = atWatchpoint = false;
        if (step == StepState.Asked)
            step = StepState.Executed;
        try
        {
            PowerCpu core = Cpu;
            shared!.PowerOn();
            ExecutionResult result;
            lock (shared.Turn)
                result = TakeTurn(core, (long)numberOfInstructionsToExecute);
            if (shared.HasDeferred)
            {
                // At the exact time, and without the lock: what is called may pause the machine.
                SyncTime();
                shared.RunDeferred();

                // A CPU that was paused in the middle of a step does not finish it; whoever waits for that would wait for ever.
                if (IsPaused && IsSingleStepMode)
                    singleStepSynchronizer.StepInterrupted();

                // Stopped for a debugger: not one instruction more.
                if (haltTold && result == ExecutionResult.Ok)
                    result = ExecutionResult.Interrupted;
            }

            numberOfExecutedInstructions = NotYetReported(core);
            return result;
        }
        catch (Exception e)
        {
            this.Log(LogLevel.Error, "The emulator failed: {0}: {1}{2}{3}", e.GetType().Name, e.Message, Environment.NewLine, e.StackTrace ?? "");
            return ExecutionResult.Aborted;
        }
    }

    /// <summary>Tells the time framework what was executed so far, for the exact time in the middle of a turn.</summary>
    public override void SyncTime()
    {
        if (!OnPossessedThread || shared is null)
            return;
        ReportProgress(NotYetReported(Cpu));
    }

    /// <summary>Asks the thread to leave its turn soon; from any thread.</summary>
    public void RequestReturn() => processor?.Cpu.RequestReturn();

    /// <summary>
    /// Renode 1.16 asks this, by name, of a CPU that pauses at an exact instruction. Turns end between instructions here, so there is nothing to restart: the turn ends behind this one.
    /// </summary>
    /// <param name="quiet">Whether to say nothing when it is not this CPU's thread that asks.</param>
    /// <returns>Whether it was this CPU's thread that asked.</returns>
    public bool RequestTranslationBlockRestart(bool quiet = false)
    {
        if (OnPossessedThread)
            RequestReturn();
        else if (!quiet)
            this.Log(LogLevel.Error, "Only this CPU's thread can ask it to end its turn at once");
        return OnPossessedThread;
    }

    /// <summary>Input 0: the interrupt controller's line.</summary>
    public void OnGPIO(int number, bool value)
    {
        if (number != 0)
        {
            this.Log(LogLevel.Warning, "There is no input {0}; 0 is the interrupt controller's", number);
            return;
        }

        // Connecting a line sets it, when the other CPUs are not on the bus yet: too early to make the machine.
        externalInput = value;
        if (processor is null)
            return;
        Change(core => core.SetExternalInput(value));
        sleeper.Interrupt();
    }

    /// <inheritdoc/>
    protected override bool ExecutionFinished(ExecutionResult result)
    {
        if (result == ExecutionResult.StoppedAtBreakpoint)
        {
            RunHooks();
            return true;
        }

        return result == ExecutionResult.StoppedAtWatchpoint;
    }

    /// <inheritdoc/>
    protected override void RequestPause()
    {
        base.RequestPause();
        RequestReturn();
    }

    /// <inheritdoc/>
    protected override void OnResume()
    {
        Shared.IsHeld = false;
        Shared.PauseEnds();
        base.OnResume();
    }

    private unsafe ExecutionResult TakeTurn(PowerCpu core, long budget)
    {
        shared!.BeginTurn(this);
        reported = core.State->Executed;
        if (shared.IsHeld)
        {
            heldTicks = ElapsedTicks() - core.Ticks;
            return ExecutionResult.WaitingForInterrupt;
        }

        CatchUp(core);
        if (shared.Probes?.Tick() is { } stuck)
        {
            this.Log(LogLevel.Error, "{0}; 'uv ClearProbes' lets it go on", stuck);
            shared.Break();
        }

        if (!Processor.IsStarted || shared.Probes?.IsHeld(core) == true)
            return WaitForTimer(core);
        core.Execute(budget);
        if (core.StopReason is { } reason)
        {
            this.Log(LogLevel.Error, "{0}{1}{2}", reason, Environment.NewLine, CrashReport.Of(core, SymbolsOf(core)));
            return ExecutionResult.Aborted;
        }

        if (core.StoppedAtBreakpoint && !StopsForProbe(core))
            return ExecutionResult.StoppedAtBreakpoint;
        if (TakeWatchpointHit())
            return ExecutionResult.StoppedAtWatchpoint;
        if (!Processor.IsStarted || core.Stopped)
            return WaitForTimer(core);
        return ExecutionResult.Ok;
    }

    // True if it was a gate's or an override's place and nobody else's: then the CPU is held, or goes on.
    private unsafe bool StopsForProbe(PowerCpu core)
    {
        ulong address = core.State->Nia;
        if (shared!.Probes?.Watches(address) != true)
            return false;
        shared.Probes.Stopped(core);
        return !Hooks.ContainsKey(address) || core.State->Nia != address;
    }

    private unsafe ulong NotYetReported(PowerCpu core)
    {
        long executed = core.State->Executed;
        long more = executed - reported;
        reported = executed;
        return (ulong)more;
    }

    // What passed beside the instructions: idle time, and the turns of a machine with another speed.
    private void CatchUp(PowerCpu core)
    {
        ulong now = ElapsedTicks() - heldTicks;
        if ((long)(now - core.Ticks) > 0)
            core.Skip(now - core.Ticks);
    }

    private ulong ElapsedTicks() => (ulong)((UInt128)TimeHandle.TotalElapsedTime.Ticks * TicksNumerator / TicksDenominator);

    private ExecutionResult WaitForTimer(PowerCpu core)
    {
        long ticks = core.TicksToTimer;
        wakeTimer.Enabled = false;
        if (ticks != long.MaxValue)
        {
            wakeTimer.Limit = (ulong)Math.Max(ticks, 1);
            wakeTimer.Value = 0;
            wakeTimer.Enabled = true;
        }

        return ExecutionResult.WaitingForInterrupt;
    }

    private LimitTimer NewWakeTimer() =>
        new(machine.ClockSource, PowerCpu.TimeBaseFrequency, this, "decrementer", direction: Direction.Ascending, workMode: WorkMode.OneShot, eventEnabled: false);
}
