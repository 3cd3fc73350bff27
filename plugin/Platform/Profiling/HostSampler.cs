using System.Runtime;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Looks each millisecond of the host at what the machine's thread does, and gives that its processor time. The machine does not notice: nothing of it is written, and no clock is read for it.</summary>
public sealed unsafe class HostSampler : IDisposable
{
    private const int Interval = 1;

    private readonly Machine machine;
    private readonly Thread thread;
    private readonly ManualResetEventSlim end = new();
    private readonly HostTimes times = new();
    private TimeSpan compiled = JitInfo.GetCompilationTime();
    private TimeSpan pauses = GC.GetTotalPauseDuration();
    private readonly ThreadClock clock = ThreadClock.OfThisThread();
    private TimeSpan last;

    /// <summary>Begins to look. On the thread that the machine runs on.</summary>
    public HostSampler(Machine machine)
    {
        this.machine = machine;
        last = clock.Now;
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

    // What is under way gets all the time since the last look, but for what the collector had (it stops this thread, too), and what .NET's compiler had: of all threads, but
    // the others hardly ever call something new.
    private void Look()
    {
        TimeSpan now = clock.Now;
        TimeSpan collected = GC.GetTotalPauseDuration();
        TimeSpan passed = now - last - (collected - pauses);
        times.Collecting += collected - pauses;
        (last, pauses) = (now, collected);
        if (passed <= TimeSpan.Zero)
            return;
        TimeSpan compiling = JitInfo.GetCompilationTime() - compiled;
        if (compiling > TimeSpan.Zero)
        {
            compiling = compiling < passed ? compiling : passed;
            compiled += compiling;
            passed -= compiling;
            times.Compiling += compiling;
        }

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
