using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Sections 7 and 11: dropping pages, reset and the end of VMs.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Drop =>
    [
        new("D1", Machines.Usual, "T3", ResetDropsFrames),

        // Shared and paged-out frames are forgotten like secure ones. The array is not (kvmhv_svm_off): see T7.
        new("D2", Machines.Usual, "T3", row => Assert.That(
            row.At(nameof(UltraCall.UV_SVM_TERMINATE)).State.Vms.Single().Slots.SelectMany(slot => slot.Words),
            Is.Not.Empty.And.All.Zero)),
        new("T3", Machines.Usual, "T3", ResetEndsSvm),
        new("T3-two-slots", Machines.Running, "reset-two-slots", row =>
        {
            string[] ends = [.. row.AllCalls().Where(call => call.StartsWith("UV_UNREG", StringComparison.Ordinal) || call.StartsWith("UV_SVM_TERM", StringComparison.Ordinal))];
            Assert.That(ends[..3], Is.EqualTo(new[] { $"UV_UNREGISTER_MEM_SLOT(slot={SlotOf(ends[0])}) -> 0", $"UV_UNREGISTER_MEM_SLOT(slot={SlotOf(ends[1])}) -> 0", "UV_SVM_TERMINATE() -> 0" }));
            Assert.That(SlotOf(ends[0]), Is.Not.EqualTo(SlotOf(ends[1])));
            Assert.That(row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(UltraCall.UV_SVM_TERMINATE)).Select(checkpoint => checkpoint.PoolUsed), Is.Not.Empty.And.All.Zero);
            Assert.That(row.AllCalls().Count(call => call == "UV_ESM -> 0"), Is.EqualTo(4));
        }),
        new("S2", Machines.Usual, "T3", row => RtasPages(row, populated: true)),
        new("T5", Machines.Usual, "T5", KillEndsSvm),

        // The guest's memory is two mappings of QEMU.
        new("D6", Machines.Spoilt, "reset-split", ResetDropsFrames),

        // The page was not there, or locked, when migrate_vma_setup looked (mm/migrate_device.c, migrate_vma_collect_pmd): nothing is done and nothing is said.
        // With the slot goes the frame's word; the device page stays until QEMU ends.
        new("D7", Machines.Spoilt, "last-slot-create", row =>
        {
            row.PoolChanges("slot-created", "row-over", by: -(NewSlotFrames - 1));
            UvmemDevicePage left = row.At("row-over").State.Pool.Single(page => page.Gpa >= NewSlot);
            Assert.That((left.References, left.SkipPageOut, left.RemoveGfn), Is.EqualTo((1, true, true)));
            Assert.That(row.Boot.Lines.Select(line => line.Text), Has.None.Contains("Can't page out"));
        })
        {
            Overrides = ["walk_page_range return=0 within=kvmppc_uvmem_drop_pages nth=5"],
            Diverges = "a device page for a frame that has no slot any more",
        },

        // QEMU is killed while the guest's CPU asks for a frame.
        new("T6", Machines.TwoCpus, "killed", row =>
        {
            Assert.That(row.Events, Has.None.Matches<UvEvent>(happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_SVM_INIT_DONE }));
            Assert.That(row.Hits[0].State.Pool, Is.Not.Empty);
            Assert.That(row.AllCalls(), Has.None.StartsWith("UV_PAGE_OUT"));
            Assert.That(Segment.Text(row.Events[^1]), Is.EqualTo("UV_WRITE_PATE(dw0=0x0, dw1=0x0) -> 0"));
            Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
        })
        {
            Gates = ["kvmppc_h_svm_page_in nth=2000 until console=QEMU dies"],
        },

        // Three resets: the pool is empty each time, but each life leaves the arrays of its slots.
        new("T7", Machines.Spoilt, "reset-again", row =>
        {
            Checkpoint[] ends = [.. row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(UltraCall.UV_SVM_TERMINATE))];
            Assert.That(ends.Select(end => (end.PoolUsed, end.SecureFrames, end.State.Vms.Single().Slots.Count)).Take(3), Is.EqualTo(new[] { (0, 0, 1), (0, 0, 2), (0, 0, 3) }));
            Assert.That(row.AllCalls().Count(call => call == "UV_ESM -> 0"), Is.GreaterThanOrEqualTo(3));
        }),
        new("T1", Machines.Normal, "reset-normal", row => Assert.That(row.AllCalls(), Is.Empty)),
        new("T2", Machines.Running, "svm-off-busy", row => row.Line("svmhost: KVM_PPC_SVM_OFF while the guest runs: -16")),

        // QEMU takes it for fatal.
        new("T4", Machines.Spoilt, "reset-breaks", row =>
        {
            Assert.That(row.AllCalls(), Has.Some.EqualTo("UV_SVM_TERMINATE() -> -4 (U_PARAMETER)"));
            row.Line("svmhost: QEMU ended with status 1");
        })
        {
            Rules = ["UV_SVM_TERMINATE return=U_PARAMETER"],
        },
    ];

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
        Assert.That(row.Checkpoints.First(checkpoint => checkpoint.Name == nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
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
