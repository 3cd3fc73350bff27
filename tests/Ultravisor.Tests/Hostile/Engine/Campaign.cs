using System.Diagnostics;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>Runs cases of a generator until so many operations are done or one fails.</summary>
internal sealed class Campaign(Generator generator, ulong seed, Watchdog watchdog)
{
    private readonly Stopwatch clock = new();

    public long Operations { get; private set; }

    public long Cases { get; private set; }

    public TimeSpan Elapsed => clock.Elapsed;

    /// <summary>Runs one case more; its failure with the case, or null.</summary>
    public (Case Case, Failure Failure)? Next()
    {
        var next = new Case(generator, FuzzRandom.Derive(seed, (ulong)Cases++));
        watchdog.Begin(next);
        clock.Start();
        Failure? failure = next.Run(operationDone: watchdog.Alive);
        clock.Stop();
        watchdog.End();
        Operations += next.Done;
        return failure is null ? null : (next, failure);
    }

    /// <summary>Runs cases until <paramref name="operations"/> are done; what failed, told, or null.</summary>
    public string? Run(long operations)
    {
        while (Operations < operations)
        {
            if (Next() is { } broken)
                return Report.Of(broken.Case, broken.Failure);
        }

        return null;
    }
}
