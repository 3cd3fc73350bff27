using System.Runtime.ExceptionServices;

namespace RenodeUvmem.Platform.Parallel;

/// <summary>Host threads that do a piece of work together with the caller's, again and again. Between the pieces they sleep.</summary>
internal sealed class HostThreads : IDisposable
{
    private readonly Helper[] helpers;
    private readonly ManualResetEventSlim done = new();
    private Action work = static () => { };
    private ExceptionDispatchInfo? failure;
    private int busy;

    /// <summary>Starts threads.</summary>
    /// <param name="count">Threads, the caller's included; 1 or more.</param>
    public HostThreads(int count)
    {
        helpers = new Helper[count - 1];
        for (int n = 0; n < helpers.Length; n++)
            helpers[n] = new Helper(this, n + 1);
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Count => helpers.Length + 1;

    /// <summary>Has <paramref name="action"/> executed by so many threads at once, and returns when all are through. The first exception of any of them is thrown then.</summary>
    public void Run(int threads, Action action)
    {
        int extra = Math.Min(threads, Count) - 1;
        work = action;
        failure = null;
        done.Reset();
        busy = extra + 1;
        for (int n = 0; n < extra; n++)
            helpers[n].Start.Release();
        Work();
        done.Wait();
        failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Helper helper in helpers)
            helper.End();
        done.Dispose();
    }

    private void Work()
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            // Not lost: Run throws it, on the thread that asked for the work.
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
        }

        if (Interlocked.Decrement(ref busy) == 0)
            done.Set();
    }

    private sealed class Helper
    {
        private readonly Thread thread;
        private volatile bool ended;

        public Helper(HostThreads owner, int number)
        {
            thread = new Thread(() =>
            {
                while (true)
                {
                    Start.Wait();
                    if (ended)
                        return;
                    owner.Work();
                }
            })
            {
                IsBackground = true,
                Name = $"processors {number}",
            };
            thread.Start();
        }

        public SemaphoreSlim Start { get; } = new(0);

        public void End()
        {
            ended = true;
            Start.Release();
            thread.Join();
            Start.Dispose();
        }
    }
}
