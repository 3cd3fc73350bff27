using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 8: H_SVM_INIT_DONE.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Done =>
    [
        new("E1", Machines.Normal, "esm-early", row => RefusedBeforeStart(row, "H_SVM_INIT_DONE()"))
        {
            Rules = ["H_SVM_INIT_START hcall=H_SVM_INIT_DONE"],
            Gates = ["kvmppc_h_svm_init_done at=return until ticks=1"],
        },
        new("E2", Machines.Usual, "P17", RestGoesSecure),
        new("E3", Machines.Refusing, "stays-out", DoneRefused) { Overrides = [$"gfn_to_hva return={ErrorHva} from=kvmppc_uv_migrate_mem_slot"] },
        new("E4", Machines.Refusing, "stays-out", DoneRefused) { Overrides = ["find_vma_intersection return=0 from=kvmppc_uv_migrate_mem_slot"] },
        new("E5", Machines.Refusing, "stays-out", row =>
        {
            DoneRefused(row);
            Checkpoint[] around = [.. row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(HCall.H_SVM_INIT_DONE))];
            Assert.That(around[1].PoolUsed - around[0].PoolUsed, Is.EqualTo(4), "frames before the one that failed");
        })
        {
            Overrides = ["kvmppc_svm_page_in return=-1 from=kvmppc_uv_migrate_mem_slot nth=5"],
        },
        new("IA2", Machines.Refusing, "stays-out", AbortGivesBack) { LooksAt = "E5" },

        // The second life of a guest finds pages of the first one where the ultravisor leaves frames to H_SVM_INIT_DONE.
        new("E6", Machines.Usual, "reset", row =>
        {
            Checkpoint after = row.Checkpoints.Last(checkpoint => checkpoint.Name == nameof(HCall.H_SVM_INIT_DONE));
            Assert.That(row.AllCalls(), Has.Some.EqualTo("H_SVM_INIT_DONE = 0"));
            Assert.That(after.State.Count(GfnState.Mem), Is.EqualTo(1), "the frame whose page did not migrate");
        })
        {
            Overrides = ["migrate_folio_extra return=-11 within=kvmppc_h_svm_init_done"],
            Diverges = "the frame whose page did not migrate is secure for the ultravisor",
        },

        // The hypervisor has a slot without an array: its UV_REGISTER_MEM_SLOT was refused (M3).
        new("E7", Machines.Spoilt, "slot-share", row =>
        {
            Assert.That(row.At("slot-created").State.Has(NewSlot), Is.False);
            row.Refused("uv calls H_SVM_INIT_DONE()", "H_SVM_INIT_DONE = 0");
        })
        {
            Rules = ["UV_REGISTER_MEM_SLOT return=U_PARAMETER", "UV_SHARE_PAGE hcall=H_SVM_INIT_DONE"],
        },

        // As E5, but nothing is made to fail: the frame was in swap when the guest started.
        new("E9", Machines.Refusing, "stays-out-swapped", DoneRefused),
        new("E8", Machines.Running, "share-any", row => row.Refusals("uv calls H_SVM_INIT_DONE()", "H_SVM_INIT_DONE = 0")) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_INIT_DONE"] },
    ];

    private static void DoneRefused(Segment row)
    {
        row.Refusals("uv calls H_SVM_INIT_DONE()", "H_SVM_INIT_DONE = -75 (U_STATE)");
        row.Line("OS terminated: Switch to secure mode failed.");
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
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
            Assert.That(around[1].PoolUsed - around[0].PoolUsed, Is.EqualTo(Machines.LeftFrames), "frames that H_SVM_INIT_DONE took");
            Assert.That(around[1].SecureFrames, Is.EqualTo(around[1].PoolUsed));
        });
        row.Line("went secure");
    }
}
