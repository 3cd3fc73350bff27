using RenodeUvmem.Platform.Parallel;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform;

/// <summary>Rounds in which the processors execute at the same time (ARCHITECTURE.md, "Processors on host threads").</summary>
public sealed unsafe partial class Machine
{
    private HostThreads? hostThreads;
    private Turns turns = new([], 0);

    // Host threads that have nothing to do in this round.
    private volatile int spareThreads;

    /// <summary>
    /// From now on the processors execute at the same time, on several host threads. The run is no longer the same each time. Not with gates, overrides, bounce
    /// counters, breakpoints, a record or a trace, which want instructions in one order.
    /// </summary>
    /// <param name="threads">Host threads at most, 1 or more; null for as many as the host has processors.</param>
    public void ExecuteInParallel(int? threads = null)
    {
        if (Probes is not null || Bounces is not null)
            throw new InvalidOperationException("gates, overrides and bounce counters need processors that take turns");
        if (hostThreads is not null)
            return;
        hostThreads = new HostThreads(Math.Clamp(threads ?? Environment.ProcessorCount, 1, processors.Length));
        Group.ExecuteConcurrently();
        Group.Woken += () =>
        {
            if (spareThreads > 0)
                Return();
        };
    }

    private CpuGroup Group => processors[0].Cpu.Group;

    // All processors that are awake have a turn. False if none had anything to do.
    private bool ParallelRound(HostThreads threads, RunLimits limits)
    {
        Processor[] awake = [.. processors.Where(processor => processor.IsStarted && !processor.Cpu.IsAsleep)];
        if (awake.Length == 0)
            return false;
        long left = Math.Max(1, (limits.Instructions - Instructions) / awake.Length);
        turns = new Turns(awake, Math.Min(Turn, left));
        spareThreads = threads.Count - Math.Min(threads.Count, awake.Length);
        try
        {
            threads.Run(awake.Length, TakeTurns);
        }
        finally
        {
            Group.Meet();
            Instructions += turns.Executed;
        }

        return turns.Executed > 0;
    }

    // One host thread's part of a round.
    private void TakeTurns()
    {
        Turns all = turns;
        try
        {
            while (!HasToRest && all.Next() is { } processor)
            {
                long interrupts = processor.Cpu.HypervisorDeliveries;
                long executed = processor.Cpu.Execute(all.Length);
                all.Add(executed);
                CheckTurn(processor, executed, interrupts);
            }
        }
        catch
        {
            all.Cancel();
            Return();
            throw;
        }

        // Whoever is woken from now on need not wait for those that still execute.
        Interlocked.Increment(ref spareThreads);
    }

    /// <summary>The turns of one round, which host threads take one after the other.</summary>
    private sealed class Turns(Processor[] processors, long length)
    {
        private int next;
        private long executed;

        public long Length => length;

        public long Executed => Volatile.Read(ref executed);

        public Processor? Next()
        {
            int number = Interlocked.Increment(ref next) - 1;
            return number < processors.Length ? processors[number] : null;
        }

        public void Add(long instructions) => Interlocked.Add(ref executed, instructions);

        public void Cancel() => Volatile.Write(ref next, processors.Length);
    }
}
