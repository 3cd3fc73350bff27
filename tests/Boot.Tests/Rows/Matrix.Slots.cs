using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 10: memory slots at run time. QEMU is made to ask KVM for them; slot 30 is of 32 frames at 4 GiB.</summary>
internal static partial class Matrix
{
    private const ulong NewSlot = 1UL << 32;
    private const int NewSlotFrames = 32;
    private const string NewSlotRegistered = "UV_REGISTER_MEM_SLOT(gpa=0x100000000, size=0x200000, flags=0, slot=30)";
    private const string NewSlotUnregistered = "UV_UNREGISTER_MEM_SLOT(slot=30)";

    private static IEnumerable<Row> Slots =>
    [
        new("M1", Machines.Usual, "P17", row => Assert.That(row.AllCalls()[0], Is.EqualTo("uv calls H_SVM_INIT_START()"), "no call for the slots that QEMU has made before")),
        new("M2", Machines.Running, "slot-create", row =>
        {
            string[] calls = [.. row.AllCalls()];
            int at = Array.IndexOf(calls, $"{NewSlotRegistered} -> 0");
            MemoryState state = row.At("slot-created").State;
            Assert.That(at, Is.Not.Negative);
            Assert.That(calls[at..], Has.None.StartsWith("UV_PAGE_IN("), "no content for the new frames");
            Assert.That(NewFrames(state), Is.All.Matches<FrameState>(frame => frame is { Hypervisor: GfnState.Uvmem, Ultravisor: PageState.SECURE }));
            Assert.That(NewFrames(state).Count(), Is.EqualTo(NewSlotFrames));
        }),
        new("M4", Machines.Running, "slot-create", row =>
        {
            string[] calls = [.. row.AllCalls()];
            Assert.That(calls, Has.Some.EqualTo($"{NewSlotUnregistered} -> 0"));
            Assert.That(calls, Has.None.StartsWith("UV_PAGE_OUT"));
            Assert.That(row.At("row-over").State.Has(NewSlot), Is.False);
            row.PoolChanges("slot-created", "row-over", by: -NewSlotFrames);
        }),

        // What kvmppc_uvmem_memslot_create returns is not looked at: QEMU believes that the slot is there.
        new("M3", Machines.Running, "slot-create", row =>
        {
            Assert.That(row.AllCalls(), Has.Some.EqualTo($"{NewSlotRegistered} -> -4 (U_PARAMETER)"));
            row.Line("svmhost: slot 30 at gpa 100000000, 32 frames, flags 0: 0");
            Assert.That(row.At("slot-created").State.Has(NewSlot), Is.False);
        })
        {
            Rules = ["UV_REGISTER_MEM_SLOT return=U_PARAMETER"],
        },

        // A dirty log for a slot: all its frames are dropped without UV_PAGE_OUT, and the log says nothing (rows U7).
        new("M5", Machines.Spoilt, "slot-log", row =>
        {
            MemoryState state = row.At("logging").State;
            Assert.That(NewFrames(state), Is.All.Matches<FrameState>(frame => frame is { Hypervisor: GfnState.None, Ultravisor: PageState.SECURE }));
            Assert.That(row.AllCalls(), Has.None.StartsWith("UV_PAGE_OUT"));
            row.PoolChanges("slot-created", "logging", by: -NewSlotFrames);
        })
        {
            Diverges = "the hypervisor has forgotten frames that the ultravisor has",
        },
        new("U7", Machines.Spoilt, "slot-log", row => row.Line("svmhost: dirty log of slot 30: 0, bits 0"))
        {
            Diverges = "the hypervisor has forgotten frames that the ultravisor has",
        },
        new("M6", Machines.Spoilt, "slot-move", row =>
        {
            row.Line("svmhost: slot 30 at gpa 200000000, 32 frames, flags 0: 0");
            Assert.That(row.AllCalls().Where(call => call.Contains("MEM_SLOT", StringComparison.Ordinal)).TakeLast(2), Is.EqualTo(new[] { $"{NewSlotRegistered} -> 0", $"{NewSlotUnregistered} -> 0" }), "no call for the move");
        })
        {
            Diverges = "the ultravisor has the slot where it was",
        },

        // Between H_SVM_INIT_START and H_SVM_INIT_DONE: the guest's CPU is held before it, when all frames of the slot are secure.
        new("M7", Machines.TwoCpus, "slot-goes", row =>
        {
            (MemoryState held, MemoryState released) = (row.Hits[0].State, row.Hits[1].State);
            Assert.That(NewFrames(held), Is.All.Matches<FrameState>(frame => frame.Hypervisor == GfnState.Uvmem));
            Assert.That(released.Pool, Has.Count.EqualTo(held.Pool.Count - NewSlotFrames));
            Assert.That(released.Has(NewSlot), Is.False);
            IReadOnlyList<string> calls = row.AllCalls();
            int at = calls.ToList().IndexOf($"{NewSlotUnregistered} -> 0");
            Assert.That(calls[at - 1], Is.EqualTo("uv calls H_SVM_INIT_DONE()"), "no UV_PAGE_OUT, no UV_PAGE_INVAL");
            Assert.That(calls.Skip(at), Has.Some.EqualTo("UV_ESM -> 0"));
        })
        {
            Gates = ["kvmppc_h_svm_init_done until console=svmhost: slot 30 at gpa 100000000, 0 frames"],
        },
    ];

    private static IEnumerable<FrameState> NewFrames(MemoryState state) =>
        Enumerable.Range(0, NewSlotFrames).Select(number => state.Frame(NewSlot + ((ulong)number * Frames.Size)));
}
