using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 9: H_SVM_INIT_ABORT, and dropping pages with UV_PAGE_OUT (section 7).</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Abort =>
    [
        new("D3", Machines.SmallPool, "P13", AbortGivesBack),

        new("D3-two-slots", Machines.Refusing, "stays-out-two-slots", AbortGivesBack) { Rules = ["H_SVM_INIT_DONE return=U_STATE"] },

        // The mapping is not found: the loop ends, and what was secure stays so until QEMU ends; a normal guest can't
        // run on such memory.
        new("D4", Machines.Refusing, "stays-out-breaks", row =>
        {
            row.Boot.HasLine("Can't find VMA for gfn:0x0");
            Assert.That(row.AllCalls().TakeWhile(call => !call.StartsWith("UV_SVM_TERMINATE", StringComparison.Ordinal)), Has.None.StartsWith("UV_PAGE_OUT"));
            Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.GreaterThan(0));
        })
        {
            Rules = ["H_SVM_INIT_DONE return=U_STATE"],
            Overrides = ["mtree_load return=0 from=kvmppc_uvmem_drop_pages"],
        },
        new("D5", Machines.Refusing, "stays-out", row =>
        {
            row.Boot.HasLine("Can't page out gpa:");
            UvmemDevicePage left = row.At(nameof(UltraCall.UV_SVM_TERMINATE)).State.Pool.Single();
            Assert.That((left.SkipPageOut, left.RemoveGfn), Is.EqualTo((false, true)));
        })
        {
            Rules = ["H_SVM_INIT_DONE return=U_STATE", "UV_PAGE_OUT nth=3 return=U_RETRY"],
        },
        new("IA1", Machines.Normal, "forged-calls", row => row.Line("H_SVM_INIT_ABORT -67")),
        new("IA3", Machines.Running, "share-any", row => row.Refusals("uv calls H_SVM_INIT_ABORT()", "H_SVM_INIT_ABORT = -75 (U_STATE)")) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_INIT_ABORT"] },
        new("IA4", Machines.Usual, "A3", row => StaysOut(row, AuthorityAnswer)),

        // Two attempts of one guest: the arrays of the first one stay, the newest is looked up.
        new("IA5", Machines.Normal, "esm-twice", row =>
        {
            string[] calls = [.. row.AllCalls()];
            Assert.That(calls.Count(call => call == $"{Registered} -> 0"), Is.EqualTo(2));
            Assert.That(calls.Count(call => call == "uv calls H_SVM_INIT_ABORT()"), Is.EqualTo(2));
            Assert.That(row.At("row-over").State.Vms.Single().Slots, Has.Count.EqualTo(2));
        }),
        new("Z1-Z4", Machines.Normal, "forged-calls", row =>
        {
            row.Line("demo: from a normal guest: H_SVM_PAGE_IN -67 H_SVM_PAGE_OUT -67 H_SVM_INIT_START -67 H_SVM_INIT_DONE -67 H_SVM_INIT_ABORT -67");
            Assert.That(row.AllCalls(), Is.Empty);
        }),
    ];

    // Each frame that was taken is given back once, and nothing is left.
    private static void AbortGivesBack(Segment row)
    {
        ulong[] returned =
        [
            .. row.Events
                .Where(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_PAGE_OUT, Result: UReturn.U_SUCCESS })
                .Select(happened => happened.Args[2]),
        ];
        Checkpoint end = row.At(nameof(UltraCall.UV_SVM_TERMINATE));
        Assert.That(returned, Is.SupersetOf(Takeover.Of(row).Answers.Where(answer => !answer.Shared && answer.Result == 0).Select(answer => answer.Gpa)));
        Assert.That(returned, Is.Unique);
        Assert.That(end.PoolUsed, Is.Zero);
        Assert.That(end.State.Vms.Single(), Has.Property(nameof(UvmemVm.SecureGuest)).EqualTo(0));
        row.Line("OS terminated: Switch to secure mode failed.");
    }
}
