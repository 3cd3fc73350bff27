using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform;

/// <summary>
/// Running. Processors take turns; while one executes, time passes for all of them, one tick of the time base for each instruction, so the time base never
/// runs backwards from one to the next. When all are stopped, time jumps to the next decrementer. See Machine.Parallel.cs for rounds without turns.
/// </summary>
public sealed unsafe partial class Machine
{
    // Instructions in a turn. Short enough for processors that wait for each other, and for a person who types.
    private const long Turn = 100_000;
    private const long LoneTurn = 1_000_000;

    // With nothing due within this time and nobody to type, a machine whose processors are all stopped will never go on.
    private const long LongestIdle = 3600L * (long)Cpu.TimeBaseFrequency;

    private readonly Queue<Action> atRest = new();
    private RunResult? end;
    private RunResult? pause;

    // A round of turns: whose it is, what is left of that turn, the interrupts that its processor had taken before it, and whether anything was executed.
    // A pause may come in the middle.
    private bool roundUnderWay;
    private int turnOf;
    private long turnLeft;
    private long turnInterrupts;
    private bool progress;

    /// <summary>Instructions executed by all processors since power-on.</summary>
    public long Instructions { get; private set; }

    /// <summary>Ticks of idle time that were skipped.</summary>
    public ulong IdleTicks { get; private set; }

    /// <summary>Virtual time since power-on.</summary>
    public TimeSpan Uptime => TimeSpan.FromTicks((long)((UInt128)processors[0].Cpu.Ticks * TimeSpan.TicksPerSecond / Cpu.TimeBaseFrequency));

    /// <summary>What it does while no CPU executes, for profiles; another thread may read it.</summary>
    public MachineWork Work { get; private set; }

    /// <summary>Ends the run after the current instruction. The first reason counts.</summary>
    public void Stop(RunResult result)
    {
        end ??= result;
        Return();
    }

    /// <summary>Has <see cref="Run"/> return after the current instruction. The next one goes on from there, and the run as a whole is the same as without.</summary>
    public void Pause(RunResult result)
    {
        pause ??= result;
        Return();
    }

    /// <summary>Has something done after the current instruction, while no processor executes. The run goes on from there and is the same as without.</summary>
    public void AtRest(Action action)
    {
        atRest.Enqueue(action);
        Return();
    }

    /// <summary>Runs until the guest or a limit ends it, or a pause.</summary>
    public RunResult Run(RunLimits limits)
    {
        while (true)
        {
            while (atRest.TryDequeue(out Action? action))
            {
                Work = MachineWork.AtRest;
                action();
                Work = MachineWork.Turns;
            }

            if ((end ?? pause) is { } result)
            {
                pause = null;
                return result;
            }

            if (Instructions >= limits.Instructions)
                return new RunResult(RunEnd.InstructionLimit, $"{limits.Instructions} instructions were executed", null);
            if (limits.Cancellation.IsCancellationRequested)
                return new RunResult(RunEnd.Cancelled, "", null);
            if (!roundUnderWay)
                BeginRound();
            if (hostThreads is not null && turnOf == 0 && turnLeft == WholeTurn)
            {
                roundUnderWay = false;
                if (!ParallelRound(hostThreads, limits) && !HasToRest)
                    Idle(limits);
            }
            else if (EndRound(limits) && !progress)
            {
                Idle(limits);
            }
        }
    }

    private void Return()
    {
        foreach (Processor processor in processors)
            processor.Cpu.ReturnRequested = true;
    }

    private long WholeTurn => processors.Length == 1 ? LoneTurn : Turn;

    private void BeginRound()
    {
        Work = MachineWork.Console;
        Console.Poll();
        Work = MachineWork.Turns;
        if (Probes?.Tick() is { } stuck)
            Stop(new RunResult(RunEnd.Gate, stuck, null));
        (roundUnderWay, progress) = (true, false);
        BeginTurn(0);
    }

    private void BeginTurn(int number) =>
        (turnOf, turnLeft, turnInterrupts) = (number, WholeTurn, number < processors.Length ? processors[number].Cpu.HypervisorDeliveries : 0);

    // Lets the processors have what is left of the round; false if the run was interrupted before its end.
    private bool EndRound(RunLimits limits)
    {
        while (turnOf < processors.Length)
        {
            Processor processor = processors[turnOf];
            while (MayExecute(processor))
            {
                Execute(processor, limits);
                if (!processor.Cpu.StoppedAtBreakpoint)
                    break;
                Bounces?.Stopped(processor.Cpu);
                if (Probes is null)
                    processor.Cpu.PassBreakpoint();
                else
                    Probes.Stopped(processor.Cpu);
                if (IsInterrupted(limits) || turnLeft <= 0)
                    break;
            }

            bool interrupted = IsInterrupted(limits);
            if (interrupted && MayExecute(processor) && turnLeft > 0)
                return false;
            BeginTurn(turnOf + 1);
            if (interrupted)
                return false;
        }

        roundUnderWay = false;
        return true;
    }

    private bool HasToRest => end is not null || pause is not null || atRest.Count != 0;

    private bool IsInterrupted(RunLimits limits) => HasToRest || Instructions >= limits.Instructions;

    private bool MayExecute(Processor processor) => processor.IsStarted && Probes?.IsHeld(processor.Cpu) != true;

    private void Execute(Processor processor, RunLimits limits)
    {
        Cpu cpu = processor.Cpu;
        long executed = cpu.Execute(Math.Min(turnLeft, limits.Instructions - Instructions));
        Instructions += executed;
        turnLeft -= executed;
        progress |= executed > 0;
        foreach (Processor other in processors)
        {
            if (!ReferenceEquals(other, processor))
                other.Cpu.Skip((ulong)executed);
        }

        CheckTurn(processor, WholeTurn - turnLeft, turnInterrupts);
    }

    // What a turn says about its processor: instructions in it, and the interrupts taken before it.
    private void CheckTurn(Processor processor, long done, long interruptsBefore)
    {
        Cpu cpu = processor.Cpu;
        if (cpu.StopReason is { } reason)
            Stop(new RunResult(RunEnd.CheckStop, reason, processor));
        else if (done >= Turn / 2 && cpu.HypervisorDeliveries - interruptsBefore > done / 2)
            Stop(new RunResult(RunEnd.CheckStop, "interrupts lead to nothing but further interrupts", processor));
    }

    private void Idle(RunLimits limits)
    {
        Work = MachineWork.Idle;
        long ticks = Probes?.TicksToNext ?? long.MaxValue;
        foreach (Processor processor in processors)
        {
            if (MayExecute(processor))
                ticks = Math.Min(ticks, processor.Cpu.TicksToTimer);
        }

        if (Console.Host.IsInteractive)
        {
            // A person sees timers run at their real speed, and is answered at once.
            var wait = TimeSpan.FromSeconds(Math.Min(0.1, ticks / (double)Cpu.TimeBaseFrequency));
            Console.Host.WaitForInput(wait);
            Console.Poll();
            ticks = Math.Min(ticks, (long)(wait.TotalSeconds * Cpu.TimeBaseFrequency) + 1);
        }
        else if (ticks > LongestIdle)
        {
            Stop(new RunResult(RunEnd.CheckStop, "all processors are stopped and nothing is due that could wake one", processors[0]));
            return;
        }

        IdleTicks += (ulong)ticks;
        foreach (Processor processor in processors)
            processor.Cpu.Skip((ulong)ticks);
        Work = MachineWork.Turns;
    }

    private void OnPowerRequest(PowerRequest request, string text) => Stop(request switch
    {
        PowerRequest.PowerOff => new RunResult(RunEnd.PowerOff, text, null),
        PowerRequest.Reboot => new RunResult(RunEnd.Reboot, text, null),
        _ => new RunResult(RunEnd.PlatformError, text, null),
    });
}
