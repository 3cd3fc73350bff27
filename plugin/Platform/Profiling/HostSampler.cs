using System.Diagnostics;
using System.Runtime;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Looks each millisecond of the host at what the machine's thread does, and gives that its processor time. The machine does not notice: nothing of it is written, and no clock is read for it.</summary>
public sealed unsafe class HostSampler : IDisposable
{
    private const int Interval = 1;

    // On a busy host this thread may have to wait until the machine's one does, for a lock: that moment says nothing of the time before. It counts for the next look in time.
    private static readonly TimeSpan InTime = TimeSpan.FromMilliseconds(1.4);

    private readonly Machine machine;
    private readonly GuestSampler guest;
    private readonly Thread thread;
    private readonly HostTimes times = new();

    // What was seen since the guest's last sample: only then is it known what .NET's compiler had of that time.
    private readonly List<(HostActivity Activity, TimeSpan Time)> seen = [];
    private readonly ThreadClock clock = ThreadClock.OfThisThread();
    private TimeSpan compiled = JitInfo.GetCompilationTime(currentThread: true);
    private TimeSpan pauses = GC.GetTotalPauseDuration();
    private long sample;
    private volatile bool ended;
    private TimeSpan last;

    /// <summary>Begins to look. On the thread that the machine runs on.</summary>
    /// <param name="machine">Its machine.</param>
    /// <param name="guest">Its sampler, which runs on that thread.</param>
    public HostSampler(Machine machine, GuestSampler guest)
    {
        this.machine = machine;
        this.guest = guest;
        last = clock.Now;
        thread = new Thread(LookOn) { IsBackground = true, Name = "profile" };
        thread.Start();
    }

    /// <summary>Ends looking and says what was seen.</summary>
    public HostTimes Finish()
    {
        Dispose();
        Look();
        Settle();
        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        if (thread.IsAlive)
            thread.Join();
    }

    private void LookOn()
    {
        while (!ended)
        {
            long before = Stopwatch.GetTimestamp();
            Thread.Sleep(Interval);
            if (Stopwatch.GetElapsedTime(before) > InTime)
                continue;
            if (guest.Taken != sample)
                Settle();
            Look();
        }
    }

    // What is under way gets all the time since the last look, but for what the collector had: it stops this thread, too.
    private void Look()
    {
        TimeSpan now = clock.Now;
        TimeSpan collected = GC.GetTotalPauseDuration();
        TimeSpan passed = now - last - (collected - pauses);
        times.Collecting += collected - pauses;
        (last, pauses) = (now, collected);
        if (passed > TimeSpan.Zero)
            seen.Add((Activity(), passed));
    }

    private HostActivity Activity()
    {
        foreach (Processor processor in machine.All)
        {
            if (processor.Cpu.State->Work is var work and not HostWork.None)
                return new HostActivity(work, CodeOwners.Of(processor.Cpu.State->Msr), default);
        }

        return new HostActivity(HostWork.None, default, machine.Work);
    }

    // The compiler's part is taken from all that was seen, by how much it was.
    private void Settle()
    {
        sample = guest.Taken;
        TimeSpan all = seen.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Time);
        TimeSpan compiling = guest.Compiling - compiled;
        if (compiling > all)
            compiling = all;
        compiled += compiling;
        times.Compiling += compiling;
        foreach ((HostActivity activity, TimeSpan time) in seen)
            times.Add(activity, time * (1 - (compiling / all)));
        seen.Clear();
    }
}
