using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform;

/// <summary>
/// Running. Processors take turns; while one executes, time passes for all of them, one tick of the time base for each instruction, so the time base never
/// runs backwards from one to the next. When all are stopped, time jumps to the next decrementer.
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

    // The round under way: whose turn it is, what that processor has executed in it, and how many interrupts it had taken when it began; -1 before it does.
    private int turnOf;
    private long turnDone;
    private long turnInterrupts = -1;
    private bool roundProgress;

    /// <summary>Instructions executed by all processors since power-on.</summary>
    public long Instructions { get; private set; }

    /// <summary>Ticks of idle time that were skipped.</summary>
    public ulong IdleTicks { get; private set; }

    /// <summary>Virtual time since power-on.</summary>
    public TimeSpan Uptime => TimeSpan.FromTicks((long)((UInt128)processors[0].Cpu.Ticks * TimeSpan.TicksPerSecond / Cpu.TimeBaseFrequency));

    private bool IsBetweenRounds => turnOf == 0 && turnInterrupts < 0;

    private long TurnLength => processors.Length == 1 ? LoneTurn : Turn;

    /// <summary>Ends the run after the current instruction. The first reason counts.</summary>
    public void Stop(RunResult result)
    {
        end ??= result;
        Interrupt();
    }

    /// <summary>Has something done after the current instruction, when no processor executes. The run then goes on as if it had not been interrupted.</summary>
    public void AtRest(Action action)
    {
        atRest.Enqueue(action);
        Interrupt();
    }

    /// <summary>Runs until the guest or a limit ends it.</summary>
    public RunResult Run(RunLimits limits)
    {
        while (true)
        {
            while (atRest.TryDequeue(out Action? action))
                action();
            if (end is not null)
                return end;
            if (Instructions >= limits.Instructions)
                return new RunResult(RunEnd.InstructionLimit, $"{limits.Instructions} instructions were executed", null);
            if (limits.Cancellation.IsCancellationRequested)
                return new RunResult(RunEnd.Cancelled, "", null);
            if (IsBetweenRounds)
                Console.Poll();
            if (EndRound(limits) && !roundProgress && end is null)
                Idle(limits);
        }
    }

    private void Interrupt()
    {
        foreach (Processor processor in processors)
            processor.Cpu.ReturnRequested = true;
    }

    // Lets the processors have what is left of the round; false if the run was interrupted in it.
    private bool EndRound(RunLimits limits)
    {
        if (IsBetweenRounds)
            roundProgress = false;
        while (turnOf < processors.Length)
        {
            Processor processor = processors[turnOf];
            if (turnInterrupts < 0 && !processor.IsStarted)
                turnOf++;
            else if (!EndTurn(processor, limits))
                return false;
        }

        turnOf = 0;
        return true;
    }

    // Lets a processor have what is left of its turn; false if the run was interrupted in it or right behind it.
    private bool EndTurn(Processor processor, RunLimits limits)
    {
        Cpu cpu = processor.Cpu;
        if (turnInterrupts < 0)
            turnInterrupts = cpu.Deliveries;
        long executed = cpu.Execute(Math.Min(TurnLength - turnDone, limits.Instructions - Instructions));
        Instructions += executed;
        turnDone += executed;
        if (cpu.StopReason is { } reason)
            Stop(new RunResult(RunEnd.CheckStop, reason, processor));
        else if (turnDone >= Turn / 2 && cpu.Deliveries - turnInterrupts > turnDone / 2)
            Stop(new RunResult(RunEnd.CheckStop, "interrupts lead to nothing but further interrupts", processor));
        bool interrupted = end is not null || atRest.Count > 0 || Instructions >= limits.Instructions;
        if (interrupted && processor.IsStarted && turnDone < TurnLength)
            return false;
        foreach (Processor other in processors)
        {
            if (!ReferenceEquals(other, processor))
                other.Cpu.Skip((ulong)turnDone);
        }

        roundProgress |= turnDone > 0;
        turnOf++;
        (turnDone, turnInterrupts) = (0, -1);
        return !interrupted;
    }

    private void Idle(RunLimits limits)
    {
        long ticks = long.MaxValue;
        foreach (Processor processor in processors)
        {
            if (processor.IsStarted)
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
    }

    private void OnPowerRequest(PowerRequest request, string text) => Stop(request switch
    {
        PowerRequest.PowerOff => new RunResult(RunEnd.PowerOff, text, null),
        PowerRequest.Reboot => new RunResult(RunEnd.Reboot, text, null),
        _ => new RunResult(RunEnd.PlatformError, text, null),
    });
}
