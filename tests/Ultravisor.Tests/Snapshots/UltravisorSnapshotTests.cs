using NUnit.Framework;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Snapshots;

/// <summary>The ultravisor saved at any moment, in the middle of its operations, and loaded into another machine goes on as if nothing had been.</summary>
public unsafe class UltravisorSnapshotTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void GoesOnTheSameFromEveryMoment()
    {
        using var bench = new Bench();
        foreach (string rule in Scenario.Rules)
            bench.Uv.Rules.Add(RuleParser.Parse(rule));
        var continued = new List<(int Event, string[] Events, string End)>();
        Scenario.Continue(bench, 0, action =>
        {
            using Bench twin = Twin.Of(bench);
            Scenario.Continue(twin, action);
            continued.Add((bench.Log.Events.Count, [.. Scenario.Events(twin, 0)], Scenario.Digest(twin)));
        });
        string end = Scenario.Digest(bench);
        Assert.That(continued, Has.Count.GreaterThan(150), "two UV_ESM of 64 frames alone have more steps");
        foreach ((int first, string[] events, string twinEnd) in continued)
        {
            Assert.That(events, Is.EqualTo(Scenario.Events(bench, first)), $"continued after event {first}");
            Assert.That(twinEnd, Is.EqualTo(end), $"end of the run continued after event {first}");
        }
    }

    /// <summary>The scenario is what it is meant to be: each kind of operation waits for the hypervisor in it at some time.</summary>
    [TestCase("UV_ESM(")]
    [TestCase("uv calls H_SVM_INIT_START()")]
    [TestCase("uv calls H_SVM_INIT_DONE()")]
    [TestCase("uv calls H_SVM_PAGE_IN(gpa=0x3f0000, flags=1, order=16)")]
    [TestCase("uv calls H_SVM_PAGE_IN(gpa=0x90000, flags=2, order=16)")]
    [TestCase("uv calls H_SVM_PAGE_IN(gpa=0x150000, flags=0, order=16)")]
    [TestCase("uv calls H_RTAS(args=0x3f0000)")]
    [TestCase("uv calls H_LOGICAL_CI_LOAD(size=0x4, address=0x200000001024)")]
    [TestCase("uv calls H_SVM_PAGE_IN(gpa=0xc0000, flags=0, order=16)")]
    [TestCase("UV_SHARE_PAGE(gfn=0x8, count=4) -> 0")]
    [TestCase("UV_SHARE_PAGE(gfn=0x13, count=4) -> 0")]
    [TestCase("UV_SHARE_PAGE(gfn=0x1e, count=4) -> -55")]
    [TestCase("UV_UNSHARE_PAGE(gfn=0x9, count=2) -> 0")]
    [TestCase("UV_UNSHARE_ALL_PAGES() -> 0")]
    [TestCase("UV_PAGE_OUT(")]
    [TestCase("uv calls H_CEDE()")]
    [TestCase("guest calls H_CEDE()")]
    public void ScenarioHas(string call)
    {
        using var bench = new Bench();
        foreach (string rule in Scenario.Rules)
            bench.Uv.Rules.Add(RuleParser.Parse(rule));
        Scenario.Continue(bench, 0);
        Assert.That(bench.Log.Calls, Has.Some.StartsWith(call));
    }

    [Test]
    public void CountersAndRulesComeBack()
    {
        using var bench = new Bench();
        foreach (string rule in Scenario.Rules)
            bench.Uv.Rules.Add(RuleParser.Parse(rule));
        Scenario.Continue(bench, 0);
        using Bench twin = Twin.Of(bench);
        Assert.Multiple(() =>
        {
            Assert.That(Counts(twin.Uv.UltraCallCounters), Is.EqualTo(Counts(bench.Uv.UltraCallCounters)).And.Not.Empty);
            Assert.That(Counts(twin.Uv.ReverseCallCounters), Is.EqualTo(Counts(bench.Uv.ReverseCallCounters)).And.Not.Empty);
            Assert.That(Counts(twin.Uv.GuestCallCounters), Is.EqualTo(Counts(bench.Uv.GuestCallCounters)).And.Not.Empty);
            Assert.That(
                twin.Uv.Rules.All.Select(rule => (rule.Text, rule.Seen, rule.Acted, rule.HypercallResult)),
                Is.EqualTo(bench.Uv.Rules.All.Select(rule => (rule.Text, rule.Seen, rule.Acted, rule.HypercallResult))));
        });
    }

    /// <summary>A page that was sealed before is opened after, and no nonce is used twice.</summary>
    [Test]
    public void SealedPageOpens()
    {
        using Bench bench = new Bench().Running();
        bench.Uv.Pages.EnsureSecure(bench.Svm, 8 * Frame, ref bench.FrameAt(8 * Frame));
        bench.Bytes(bench.FrameAt(8 * Frame).Secure, Frame).Fill(0x42);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(8 * Frame), 8 * Frame, 0, 16), Is.Zero);
        using Bench twin = Twin.Of(bench);
        Assert.That(twin.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(9 * Frame), 9 * Frame, 0, 16), Is.Zero);
        Assert.That(
            twin.Bytes(twin.FrameAt(9 * Frame).Seal, 12).ToArray(),
            Is.Not.EqualTo(twin.Bytes(twin.FrameAt(8 * Frame).Seal, 12).ToArray()), "nonces");
        Assert.That(twin.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(8 * Frame), 8 * Frame, 0, 16), Is.Zero);
        Assert.That(twin.FrameAt(8 * Frame).State, Is.EqualTo(PageState.SECURE));
        Assert.That(twin.Bytes(twin.FrameAt(8 * Frame).Secure, Frame).ToArray(), Is.All.EqualTo(0x42));
    }

    [Test]
    public void AnotherSeedIsRefused()
    {
        using Bench bench = new Bench().Running();
        using var other = new Bench(new UltravisorOptions { Seed = 7 });
        Refused(bench, other, "seed");
    }

    [Test]
    public void AnotherSizeOfSecureMemoryIsRefused()
    {
        using Bench bench = new Bench().Running();
        using var other = new Bench(secureSize: 16 << 20);
        Refused(bench, other, "section ultravisor/secure heap: ");
    }

    private static void Refused(Bench bench, Bench other, string reason)
    {
        var writer = new SnapshotWriter("");
        bench.Uv.Save(writer);
        Assert.That(() => other.Uv.Load(new SnapshotReader(writer.ToArray())), Throws.TypeOf<SnapshotException>().With.Message.Contains(reason));
    }

    private static IEnumerable<(string, long, long)> Counts(IEnumerable<CallCounter> counters) => counters.Select(counter => (counter.Name, counter.Count, counter.Failures));
}
