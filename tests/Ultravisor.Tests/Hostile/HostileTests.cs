using NUnit.Framework;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile;

/// <summary>Each generator for a while, from one seed. The long run is <c>./scripts/fuzz.sh</c>.</summary>
public class HostileTests
{
    private const long Operations = 10_000;
    private const ulong Seed = 1;

    private static IEnumerable<string> Names => Generators.All.Select(generator => generator.Name);

    [TestCaseSource(nameof(Names))]
    public void NothingBreaks(string name)
    {
        using var watchdog = new Watchdog();
        string? broken = new Campaign(Generators.Find(name)!, Seed, watchdog).Run(Operations);
        Assert.That(broken, Is.Null, broken);
    }
}
