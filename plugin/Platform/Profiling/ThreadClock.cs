using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Processor time of a thread, which another one may ask; on hosts other than Linux the time that passes, which a busy host makes longer.</summary>
internal sealed unsafe class ThreadClock
{
    // The clock of a thread by its number (Linux include/linux/posix-timers_types.h: the number's complement, CPUCLOCK_PERTHREAD 4, CPUCLOCK_SCHED 2).
    private readonly int? clock;

    private ThreadClock(int? clock) => this.clock = clock;

    /// <summary>The clock of the thread that asks.</summary>
    public static ThreadClock OfThisThread()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                var own = new ThreadClock((~GetThreadId() << 3) | 4 | 2);
                if (own.TryRead(out _))
                    return own;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                // A C library without gettid.
            }
        }

        return new ThreadClock(null);
    }

    /// <summary>Time so far.</summary>
    public TimeSpan Now => clock is not null && TryRead(out TimeSpan time) ? time : Stopwatch.GetElapsedTime(0);

    private bool TryRead(out TimeSpan time)
    {
        const long NanosecondsOfTick = 100;
        long* parts = stackalloc long[2];
        bool done = ClockGetTime(clock!.Value, parts) == 0;
        time = done ? TimeSpan.FromSeconds(parts[0]) + new TimeSpan(parts[1] / NanosecondsOfTick) : default;
        return done;
    }

    [DllImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetThreadId();

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, long* time);
}
