using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>The rows. Those of one machine run in one boot, in the order given here.</summary>
internal static partial class Matrix
{
    private const ulong MiB = 1 << 20;
    private const ulong GuestMemory = 256 * MiB;
    private const int ManyFrames = 256;

    // Frames in the upper half of the guest's memory, which nothing uses before the kernel starts.
    private const ulong FirstLeft = 192 * MiB;
    private const int LeftFrames = 256;

    private const string AuthorityAnswer = "H_SVM_INIT_START = -10 (U_AUTHORITY)";
    private const string OutsideMemory = "0x400000000000";

    private static readonly RowMachine Usual = new("matrix", 1024 * MiB, new UltravisorOptions { LeftToDone = gpa => gpa - FirstLeft < LeftFrames * Frames.Size });
    private static readonly RowMachine TwoCpus = new("two-cpus", 1024 * MiB, processors: 2);
    private static readonly RowMachine NoPool = new("no-pool", 0);
    private static readonly RowMachine SmallPool = new("small-pool", GuestMemory / 2, new UltravisorOptions { Overcommit = true });

    public static readonly Row[] All =
    [
        new("I1", NoPool, "I1", row =>
        {
            row.Boot.HasLine("KVMPPC-UVMEM: No support for secure guests");
            row.Line("capability 181 offered=0, enabling it gives -22");
        }),
        new("P13", SmallPool, "P13", PoolFull),
        new("I9", Usual, "I9", row =>
        {
            row.Boot.HasLine("KVMPPC-UVMEM: Secure Memory size 0x40000000");
            row.Line("capability 181 offered=1, enabling it gives 0");
        }),
        new("A3", Usual, "A3", row => StaysOut(row, AuthorityAnswer)),
        new("A9", Usual, "A9", row => StaysOut(row, "UV_REGISTER_MEM_SLOT(gpa=0x0, size=0x10000000, flags=0, slot=0) -> -4 (U_PARAMETER)", "H_SVM_INIT_START = -4 (U_PARAMETER)"))
        {
            Rules = ["UV_REGISTER_MEM_SLOT return=-4"],
        },
        new("P15", Usual, "P17", row => Assert.That(Takeover.Of(row).Secured(withContent: false), Is.Not.Empty)),
        new("P17", Usual, "P17", row =>
        {
            Takeover.Answer[] given = [.. Takeover.Of(row).Secured(withContent: true)];
            Assert.That(given, Is.Not.Empty);
            Assert.That(given, Is.All.Matches<Takeover.Answer>(frame => frame.GaveOnePage));
            Assert.That(given.Select(frame => frame.Gpa), Is.Unique);
        }),
        new("S3", Usual, "P17", row => RtasPages(row, populated: false)),
        new("E2", Usual, "P17", RestGoesSecure),
        new("P2", Usual, "P2", row => row.Refused("uv calls H_SVM_PAGE_IN(gpa=0x100000, flags=0, order=12)", "H_SVM_PAGE_IN = -56 (U_P3)"))
        {
            Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=0 order=12"],
        },
        new("P3", Usual, "P3", row => row.Refused("uv calls H_SVM_PAGE_IN(gpa=0x100000, flags=2, order=16)", "H_SVM_PAGE_IN = -55 (U_P2)"))
        {
            Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=2 order=16"],
        },
        new("S6", Usual, "S6", row => row.Refused($"uv calls H_SVM_PAGE_IN(gpa={OutsideMemory}, flags=1, order=16)", "H_SVM_PAGE_IN = -4 (U_PARAMETER)"))
        {
            Rules = [$"UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa={OutsideMemory} flags=1 order=16"],
        },
        new("S1", Usual, "S1", row =>
        {
            row.FrameIs("demo: shared", "SECURE HV_SHARING HV_SHARED SHARED", Sequence.Shares);
            row.PoolChanges("secret-written", "shared", by: -1);
        }),
        new("P20", Usual, "P20", row =>
        {
            row.FrameIs(
                "demo: unshared",
                "SECURE HV_SHARING HV_SHARED SHARED HV_UNSHARING HV_UNSHARING_INV HV_UNSHARING HV_UNSHARED SECURE PAGEDOUT SECURE",
                Sequence.Shares,
                Sequence.Unshares,
                Sequence.HostLooks,
                Sequence.GuestTouches);
            row.PoolChanges("shared", "unshared", by: +1);
        }),
        new("F1", Usual, "F1", row =>
        {
            row.FrameBegins("demo: the host reads", "SECURE PAGEDOUT", Sequence.HostLooks);
            row.PoolChanges("secret-written", "paged-out", by: -1);
        }),
        new("P19", Usual, "F1", row =>
        {
            row.FrameIs("demo: the host reads", "SECURE PAGEDOUT SECURE", Sequence.HostLooks, Sequence.GuestTouches);
            row.PoolChanges("paged-out", "paged-in", by: +1);
        }),
        new("U1", Usual, "U1", row =>
            row.FrameBegins("demo: the host swapped", "SECURE HV_SHARING HV_SHARED SHARED SHARED_INV", Sequence.Shares, Sequence.HostUnmaps)),
        new("U2", Usual, "U1", row => row.FrameIs(
            "demo: the host swapped",
            "SECURE HV_SHARING HV_SHARED SHARED SHARED_INV SHARED",
            Sequence.Shares,
            Sequence.HostUnmaps,
            Sequence.GuestTouchesUnmapped)),
        new("S14", Usual, "S14", row =>
        {
            row.ForEachFrame(UltraCall.UV_SHARE_PAGE, ManyFrames, Sequence.GivesShared, PageState.SHARED);
            row.ForEachFrame(UltraCall.UV_UNSHARE_PAGE, ManyFrames, Sequence.TakesShared, PageState.SECURE);
        }),
        new("S9", TwoCpus, "S9", Retry)
        {
            Rules = [PageInForOtherCpu],
            Gates = [$"gfn_to_pfn at=return from=kvmppc_h_svm_page_in after console=race-begins until H_SVM_PAGE_IN cpu=0"],
        },
        new("S9-pinned", TwoCpus, "S9-pinned", NoRetry)
        {
            Rules = [PageInForOtherCpu],
            Gates = [$"gfn_to_pfn at=return from=kvmppc_h_svm_page_in after console=race-begins until migrate_vma_setup cpu=0"],
        },
        new("D1", Usual, "T3", ResetDropsFrames),
        new("T3", Usual, "T3", ResetEndsSvm),
        new("S2", Usual, "T3", row => RtasPages(row, populated: true)),
        new("T5", Usual, "T5", KillEndsSvm),
    ];

    // The hypervisor refuses H_SVM_INIT_START; the guest ends by itself and nothing is left.
    private static void StaysOut(Segment row, params string[] answers)
    {
        row.AllCallsAre([
            "uv calls H_SVM_INIT_START()",
            .. answers,
            "UV_ESM -> -4 (U_PARAMETER)",
            "uv calls H_SVM_INIT_ABORT()",
            "UV_SVM_TERMINATE() -> 0"]);
        row.Line("OS terminated: Switch to secure mode failed.");
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
    }

    private static void PoolFull(Segment row)
    {
        var takeover = Takeover.Of(row);
        Takeover.Answer refused = takeover.Answers[^1];
        Assert.Multiple(() =>
        {
            Assert.That(takeover.Answers.Count(answer => !answer.Shared && answer.Result == UReturn.U_SUCCESS), Is.EqualTo((int)(GuestMemory / 2 / Frames.Size)), "frames of the whole pool");
            Assert.That(refused, Has.Property(nameof(refused.Result)).EqualTo(UReturn.U_PARAMETER));
            Assert.That(refused.PageIns, Is.Empty, "UV_PAGE_IN for the frame that found no room");
            Assert.That(row.Boot.All.States(refused.Gpa), Is.Empty);
        });

        // Row D3 on the way: what was taken is given back.
        IEnumerable<ulong> returned = row.Events
            .Where(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_PAGE_OUT, Result: UReturn.U_SUCCESS })
            .Select(happened => happened.Args[2]);
        Assert.That(returned, Is.EquivalentTo(takeover.Answers.Where(answer => !answer.Shared && answer.Result == 0).Select(answer => answer.Gpa)));
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
        row.Line("OS terminated: Switch to secure mode failed.");
    }

    // The first UV_ESM meets holes, zeroed when they are first shared. After a reset the same frames hold what the first life left in them.
    private static void RtasPages(Segment row, bool populated)
    {
        Takeover.Answer[] pages = [.. Takeover.Of(row).Shared];
        Assert.That(pages, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(pages, Is.All.Matches<Takeover.Answer>(page => page.GaveOnePage && page.Result == UReturn.U_SUCCESS));
            if (populated)
                Assert.That(pages, Has.Some.Matches<Takeover.Answer>(page => !page.Zero));
            else
                Assert.That(pages, Is.All.Matches<Takeover.Answer>(page => page.Zero));
            foreach (Takeover.Answer page in pages)
                Assert.That(row.States(page.Gpa), Does.EndWith("SECURE HV_SHARING HV_SHARED SHARED_IMPLICIT"));
        });
    }

    private static void RestGoesSecure(Segment row)
    {
        Checkpoint[] around = [.. row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(HCall.H_SVM_INIT_DONE))];
        Assert.That(around, Has.Length.EqualTo(2));
        IReadOnlyList<string> calls = row.AllCalls();
        int done = calls.ToList().IndexOf("uv calls H_SVM_INIT_DONE()");
        Assert.Multiple(() =>
        {
            Assert.That(calls[done + 1], Is.EqualTo("H_SVM_INIT_DONE = 0"), "no ultracall for the rest");
            Assert.That(around[0].PoolUsed, Is.EqualTo(Takeover.Of(row).Answers.Count(answer => !answer.Shared)), "frames asked for");
            Assert.That(around[1].PoolUsed - around[0].PoolUsed, Is.EqualTo(LeftFrames), "frames that H_SVM_INIT_DONE took");
            Assert.That(around[1].SecureFrames, Is.EqualTo(around[1].PoolUsed));
        });
        row.Line("went secure");
    }

    private static void ResetDropsFrames(Segment row)
    {
        (int begin, int end) = LastCallsBefore(row, UltraCall.UV_UNREGISTER_MEM_SLOT);
        UvEvent[] drops = [.. row.Events.Skip(begin).Take(end - begin)];
        IEnumerable<ulong> secure = Frames.After(row.Boot.Events.Take(row.FirstEvent + begin)).SecureOf(drops[0].Lpid);
        Assert.Multiple(() =>
        {
            Assert.That(drops, Is.All.Matches<UvEvent>(drop => drop.Number == (ulong)UltraCall.UV_PAGE_INVAL && drop.Result == UReturn.U_P2), "no UV_PAGE_OUT");
            Assert.That(drops.Select(drop => drop.Args[1]), Is.EqualTo(secure), "each secure frame once, in order");
        });
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
    }

    private static void ResetEndsSvm(Segment row)
    {
        UvEvent[] calls = [.. row.Events.Where(happened => happened.Kind == UvEventKind.UltraCall)];
        int end = Array.FindIndex(calls, call => call.Number == (ulong)UltraCall.UV_UNREGISTER_MEM_SLOT);
        Assert.That(calls[end..(end + 3)].Select(call => (UltraCall)call.Number), Is.EqualTo(new[]
        {
            UltraCall.UV_UNREGISTER_MEM_SLOT,
            UltraCall.UV_SVM_TERMINATE,
            UltraCall.UV_WRITE_PATE,
        }));
        Assert.That(calls[end..(end + 3)].Select(call => call.Result), Is.All.EqualTo(UReturn.U_SUCCESS));
        Assert.That(calls[end + 2].Args[0], Is.Not.Zero, "the partition's own table again");
        Assert.That(row.AllCalls().Skip(1), Has.One.EqualTo("UV_ESM -> 0"), "the guest goes secure once more");
    }

    private static void KillEndsSvm(Segment row)
    {
        UvEvent[] events = [.. row.Events];
        int end = Array.FindIndex(events, happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_SVM_TERMINATE });
        Assert.That(end, Is.Positive, "no UV_SVM_TERMINATE");
        int exit = Array.FindLastIndex(events, end, happened => happened.Kind is UvEventKind.Interrupt or UvEventKind.Reflection);
        Assert.Multiple(() =>
        {
            Assert.That(events[exit..end], Has.None.Matches<UvEvent>(happened => happened.Kind is UvEventKind.UltraCall or UvEventKind.PageState), "no call for the frames");
            Assert.That(Segment.Text(events[^1]), Is.EqualTo("UV_WRITE_PATE(dw0=0x0, dw1=0x0) -> 0"));
            Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
        });
        row.Line("QEMU ended with status 137");
    }

    // The ultracalls without a pause right before one: first and behind the last.
    private static (int Begin, int End) LastCallsBefore(Segment row, UltraCall call)
    {
        UvEvent[] events = [.. row.Events];
        int end = Array.FindIndex(events, happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call);
        Assert.That(end, Is.Positive, $"no {call}");
        int before = Array.FindLastIndex(events, end - 1, happened => happened.Kind != UvEventKind.UltraCall || happened.Number == (ulong)UltraCall.UV_RETURN);
        return (before + 1, end);
    }
}
