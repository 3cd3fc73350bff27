using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Smp;

/// <summary>
/// Four processors under stress, taking turns and on host threads: firmware/common/smpstress in the hypervisor; then a secure and a normal guest of two processors each, while
/// the hypervisor moves and pages memory. The programs check what the ISA and Linux promise.
/// </summary>
public class SmpTests
{
    private const int Processors = 4;

    private static readonly Dictionary<bool, Lazy<BootRecord>> Alone = Both(parallel => new BootPlan
    {
        Name = parallel ? "smp-parallel" : "smp",
        Run = "script:smp",
        Processors = Processors,
        InParallel = parallel,
        Translated = parallel ? Hotness.Eager : null,
    });

    private static readonly Dictionary<bool, Lazy<BootRecord>> WithGuests = Both(parallel => new BootPlan
    {
        Name = parallel ? "smp-guests-parallel" : "smp-guests",
        Run = "script:smp-guests",
        SecureMemory = 1UL << 30,
        Processors = Processors,
        InParallel = parallel,
        Translated = parallel ? Hotness.Eager : null,
    });

    [Test]
    public void Test(
        [Values("counters", "neighbours", "locks", "message-passing", "store-buffers", "sequence-lock", "protection", "remapping", "moving", "paging", "patching", "time", "signals", "futexes")] string name,
        [Values] bool parallel) => Alone[parallel].Value.HasLine($"smpstress: {name} ok");

    [TestCase(false)]
    [TestCase(true)]
    public void HypervisorIsWell(bool parallel) => IsWell(Alone[parallel].Value, "SMPSTRESS PASS");

    [TestCase(false)]
    [TestCase(true)]
    public void GuestsAreWell(bool parallel)
    {
        BootRecord boot = WithGuests[parallel].Value;
        IsWell(boot, "normal: guest| SMPSTRESS PASS");
        Assert.That(boot.Lines.Select(line => line.Text), Does.Contain("guest| SMPSTRESS PASS"), "of the secure guest");
        boot.HasLine("CASE demo END ok");
        Assert.That(boot.Events.Count(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_ESM }), Is.EqualTo(1));
    }

    // The secure guest's secret is in no normal memory at any of its checkpoints, and nothing of it is kept in the end.
    [TestCase(false)]
    [TestCase(true)]
    public void NothingLeaks(bool parallel)
    {
        BootRecord boot = WithGuests[parallel].Value;
        Assert.That(boot.Checkpoints, Has.Count.GreaterThan(6));
        Assert.That(boot.Checkpoints, Is.All.Matches<Checkpoint>(checkpoint => checkpoint.Leaks.Count == 0));
        Assert.That(boot.Checkpoints[^1].SecureFrames, Is.Zero);
    }

    private static void IsWell(BootRecord boot, string verdict)
    {
        boot.HasLine(verdict);
        boot.HasLine("RUN PASS");
        Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
        Assert.That(boot.Warnings, Is.Empty);
    }

    private static Dictionary<bool, Lazy<BootRecord>> Both(Func<bool, BootPlan> plan) => new()
    {
        [false] = new Lazy<BootRecord>(() => BootRecord.Of(plan(false))),
        [true] = new Lazy<BootRecord>(() => BootRecord.Of(plan(true))),
    };
}
