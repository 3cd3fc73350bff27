using NUnit.Framework;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Concurrent;

/// <summary>One thread alone, the others between two instructions.</summary>
public sealed class ExclusionTests
{
    private const int Threads = 4;
    private const int Rounds = 5_000;

    [Test]
    public void WhoIsAloneIsAlone()
    {
        var exclusion = new Exclusion();
        int executing = 0;
        int wrong = 0;
        long alone = 0;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, number =>
        {
            exclusion.Begin();
            Interlocked.Increment(ref executing);
            for (int n = 0; n < Rounds; n++)
            {
                if ((n + number) % 4 == 0)
                {
                    Interlocked.Decrement(ref executing);
                    exclusion.Enter();
                    if (Volatile.Read(ref executing) != 0)
                        Interlocked.Increment(ref wrong);
                    alone++; // not atomic: nobody else may
                    exclusion.Leave();
                    Interlocked.Increment(ref executing);
                }
                else if (exclusion.IsWanted)
                {
                    Interlocked.Decrement(ref executing);
                    exclusion.Yield();
                    Interlocked.Increment(ref executing);
                }
            }

            Interlocked.Decrement(ref executing);
            exclusion.End();
        });
        Assert.That((wrong, alone), Is.EqualTo((0, (long)Threads * Rounds / 4)));
    }
}
