using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Rows;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Life;

/// <summary>kill -9 of QEMU while its guest becomes secure: gates hold the guest's CPU in the hypervisor's answer until QEMU has been killed.</summary>
public class KillTests
{
    // 256 MiB; each frame is asked for once.
    private const int AllFrames = 4096;

    private const string UntilDead = " until console=QEMU dies";

    private static readonly Dictionary<string, Injection> Injections = new()
    {
        ["start"] = Gate("kvmppc_h_svm_init_start"),
        ["first-page"] = Gate("kvmppc_h_svm_page_in"),
        ["page"] = Gate("kvmppc_h_svm_page_in nth=2000"),
        ["before-done"] = Gate("kvmppc_h_svm_init_done"),
        ["done"] = Gate("kvmppc_h_svm_init_done at=return"),
    };

    private static readonly Lazy<BootRecord> LazyBoot = new(() => BootRecord.Of(
        new BootPlan { Name = "killed", Run = "script:killed", SecureMemory = 1UL << 30, Processors = 2, Injections = Injections }));

    /// <summary>Each phase, and the hypervisor's answers that the ultravisor has had by then.</summary>
    [TestCase("start", 0, false)]
    [TestCase("first-page", 0, false)]
    [TestCase("page", 1999, false)]
    [TestCase("before-done", AllFrames, false)]
    [TestCase("done", AllFrames, false)]
    [TestCase("secure", AllFrames, true)]
    public void NothingIsLeftOf(string phase, int pages, bool secure)
    {
        Segment row = LazyBoot.Value.Row(phase);
        UvEvent[] events = [.. row.Events];
        int answers = events.Count(happened => happened is { Kind: UvEventKind.ReverseResult, Number: (ulong)HCall.H_SVM_PAGE_IN });
        Assert.Multiple(() =>
        {
            Assert.That(row.Lines.Last(), Is.EqualTo($"CASE {phase} END ok"));
            row.Line("svmhost: QEMU ended with status 137");
            Assert.That(row.Hits.Select(hit => hit.Act.Act), Is.EqualTo(secure ? [] : new[] { ProbeAct.Held, ProbeAct.Released }));
            Assert.That(answers, secure ? Is.GreaterThan(pages) : Is.EqualTo(pages).Or.EqualTo(pages + 1), "frames taken in; the held one is answered or not");
            Assert.That(events.Count(IsCall(UltraCall.UV_ESM)), Is.EqualTo(secure ? 1 : 0), "UV_ESM that came to its end");
            Assert.That(events.Count(IsCall(UltraCall.UV_SVM_TERMINATE)), Is.EqualTo(1));
            Checkpoint end = row.At(nameof(UltraCall.UV_SVM_TERMINATE));
            Assert.That((end.PoolUsed, end.SecureFrames), Is.EqualTo((0, 0)));
            Assert.That(row.Checkpoints, Is.All.Matches<Checkpoint>(checkpoint => checkpoint.Leaks.Count == 0));
        });
    }

    [Test]
    public void NextGuestGoesSecure() => Assert.That(LazyBoot.Value.Row("P15").Lines.Last(), Is.EqualTo("CASE P15 END ok"));

    [Test]
    public void HypervisorIsUnharmed()
    {
        LazyBoot.Value.HasLine("RUN PASS");
        Assert.That(LazyBoot.Value.Checkpoints[^1].State.Differences(), Is.Empty);
    }

    private static Injection Gate(string place) => new([], [place + UntilDead], []);

    private static Func<UvEvent, bool> IsCall(UltraCall call) => happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call;
}
