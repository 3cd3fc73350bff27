using System.Diagnostics;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Looks each millisecond of the host at what it does for a machine. The machine does not notice: nothing of it is written, and no clock is read for it.</summary>
public sealed unsafe class HostSampler : IDisposable
{
    private const int Interval = 1;

    private readonly Machine machine;
    private readonly Thread thread;
    private readonly ManualResetEventSlim end = new();
    private readonly HostTimes times = new();
    private TimeSpan pauses = GC.GetTotalPauseDuration();
    private long last = Stopwatch.GetTimestamp();

    /// <summary>Begins to look.</summary>
    public HostSampler(Machine machine)
    {
        this.machine = machine;
        thread = new Thread(LookOn) { IsBackground = true, Name = "profile" };
        thread.Start();
    }

    /// <summary>Ends looking and says what was seen.</summary>
    public HostTimes Finish()
    {
        Dispose();
        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        end.Set();
        if (thread.IsAlive)
            thread.Join();
    }

    private void LookOn()
    {
        while (!end.Wait(Interval))
            Look();
    }

    // What is under way gets all the time since the last look, but for what the collector had: it stops this thread, too.
    private void Look()
    {
        long now = Stopwatch.GetTimestamp();
        TimeSpan collected = GC.GetTotalPauseDuration();
        TimeSpan passed = Stopwatch.GetElapsedTime(last, now) - (collected - pauses);
        times.Collecting += collected - pauses;
        (last, pauses) = (now, collected);
        if (passed <= TimeSpan.Zero)
            return;
        foreach (Processor processor in machine.All)
        {
            HostWork work = processor.Cpu.State->Work;
            if (work == HostWork.None)
                continue;
            times.Add(work, CodeOwners.Of(processor.Cpu.State->Msr), passed);
            return;
        }

        times.Add(machine.Work, passed);
    }
}
