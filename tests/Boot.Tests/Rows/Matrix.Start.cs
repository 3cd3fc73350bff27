using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 2: H_SVM_INIT_START and the creation of slots.</summary>
internal static partial class Matrix
{
    private const string AuthorityAnswer = "H_SVM_INIT_START = -10 (U_AUTHORITY)";
    private const string StartRefused = "H_SVM_INIT_START = -4 (U_PARAMETER)";
    private const string Registered = "UV_REGISTER_MEM_SLOT(gpa=0x0, size=0x10000000, flags=0, slot=0)";

    private static IEnumerable<Row> Start =>
    [
        new("A1", Machines.NoPool, "stays-out-no-pef", row => StaysOut(row, "H_SVM_INIT_START = -67 (H_UNSUPPORTED)")),
        new("A2", Machines.Running, "stays-out-hash", row => StaysOut(row, "H_SVM_INIT_START = -67 (H_UNSUPPORTED)")),
        new("A3", Machines.Usual, "A3", row => StaysOut(row, AuthorityAnswer)),
        new("A4", Machines.Refusing, "stays-out", row => StaysOut(row, StartRefused)) { Overrides = [$"gfn_to_hva return={ErrorHva} from=kvmppc_memslot_page_merge"] },
        new("A5", Machines.Refusing, "stays-out", row => StaysOut(row, StartRefused)) { Overrides = ["find_vma_intersection return=0 from=kvmppc_memslot_page_merge"] },
        new("A6", Machines.Refusing, "stays-out", row => StaysOut(row, StartRefused)) { Overrides = ["ksm_madvise return=-12 from=kvmppc_memslot_page_merge"] },

        // QEMU makes the guest's memory mergeable (mem-merge=on); H_SVM_INIT_START takes that back.
        new("A7", Machines.Running, "mergeable", row => row.Line("svmhost: mergeable=0")),
        new("A7-normal", Machines.Normal, "mergeable-normal", row => row.Line("svmhost: mergeable=1")),
        new("A8", Machines.Refusing, "stays-out", row => StaysOut(row, StartRefused)) { Overrides = ["kmalloc_trace return=0 from=kvmppc_uvmem_slot_init"] },
        new("A8-array", Machines.Refusing, "stays-out", row => StaysOut(row, StartRefused)) { Overrides = ["vcalloc return=0 from=kvmppc_uvmem_slot_init"] },
        new("A9", Machines.Usual, "A9", row => StaysOut(row, $"{Registered} -> -4 (U_PARAMETER)", StartRefused)) { Rules = ["UV_REGISTER_MEM_SLOT return=-4"] },
        new("A10", Machines.Refusing, "stays-out-two-slots", RollsBackTheWrongSlot) { Rules = ["UV_REGISTER_MEM_SLOT nth=2 return=-4"] },
        new("A11", Machines.Usual, "P17", row =>
            Assert.That(row.AllCalls().Take(3), Is.EqualTo(new[] { "uv calls H_SVM_INIT_START()", $"{Registered} -> 0", "H_SVM_INIT_START = 0" }))),
        new("A12", Machines.Spoilt, "last-share-any", StartsAgain) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_INIT_START"] },
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

    // The loop that rolls back walks over the slots before the one that failed, but unregisters and frees the one that failed, each time (kvmppc_h_svm_init_start).
    private static void RollsBackTheWrongSlot(Segment row)
    {
        string[] slots = [.. row.AllCalls().Where(call => call.Contains("MEM_SLOT", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(slots, Has.Length.EqualTo(3));
            Assert.That(slots[0], Does.EndWith("-> 0"));
            Assert.That(slots[1], Does.EndWith("-> -4 (U_PARAMETER)"));
            Assert.That(slots[2], Does.StartWith($"UV_UNREGISTER_MEM_SLOT(slot={SlotOf(slots[1])})"), "the slot that failed");
            Assert.That(SlotOf(slots[1]), Is.Not.EqualTo(SlotOf(slots[0])));
            Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).State.Vms.Single().Slots, Has.Count.EqualTo(1), "the array of the slot that should have gone");
        });
    }

    private static string SlotOf(string call) => call.Split("slot=")[1].Split(')')[0];

    // The ultravisor refuses the slot that it has. The hypervisor has forgotten H_SVM_INIT_DONE meanwhile: no UV_PAGE_INVAL from now on.
    private static void StartsAgain(Segment row)
    {
        ulong gpa = row.FrameNamed(RowFrame);
        row.Refusals("uv calls H_SVM_INIT_START()", $"{Registered} -> -4 (U_PARAMETER)", StartRefused);
        row.Contains(gpa, AskShared, Given, PageInAgreed, Shared);
        Assert.That(row.At("row-over").State.Vms.Single().SecureGuest, Is.EqualTo(1), "H_SVM_INIT_START without H_SVM_INIT_DONE");
        Assert.That(row.At("row-over").State.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Shared));
    }
}
