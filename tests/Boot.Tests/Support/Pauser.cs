using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Breaks;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>Pauses a machine at its breaks.</summary>
internal sealed class Pauser(Machine machine) : IBreakListener
{
    private readonly List<BreakHit> hits = [];

    public void Hit(in BreakHit hit)
    {
        hits.Add(hit);
        machine.Pause(new RunResult(RunEnd.Break, hit.Name, null));
    }

    /// <summary>Hits since the last time.</summary>
    public IReadOnlyList<BreakHit> TakeHits()
    {
        BreakHit[] taken = [.. hits];
        hits.Clear();
        return taken;
    }
}
