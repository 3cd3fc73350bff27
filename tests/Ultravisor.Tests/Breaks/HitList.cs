using RenodeUvmem.Ultravisor.Breaks;

namespace RenodeUvmem.Ultravisor.Tests.Breaks;

/// <summary>Keeps hits.</summary>
internal sealed class HitList : IBreakListener
{
    public List<BreakHit> Hits { get; } = [];

    public IEnumerable<string> Names => Hits.Select(hit => hit.Name);

    public void Hit(in BreakHit hit) => Hits.Add(hit);
}
