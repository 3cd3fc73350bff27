using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 5: UV_PAGE_INVAL, reflected faults and kvmppc_send_page_to_uv.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Inval =>
    [
        new("U1", Machines.Usual, "U1", row =>
            row.FrameBegins("demo: the host swapped", "SECURE HV_SHARING HV_SHARED SHARED SHARED_INV", Sequence.Shares, Sequence.HostUnmaps)),
        new("U2", Machines.Usual, "U1", row => row.FrameIs(
            "demo: the host swapped",
            "SECURE HV_SHARING HV_SHARED SHARED SHARED_INV SHARED",
            Sequence.Shares,
            Sequence.HostUnmaps,
            Sequence.GuestTouchesUnmapped)),
        new("U3", Machines.Spoilt, "swap-shared", row =>
        {
            row.Frame(RowFrame, Invalidated, Reflected, "UV_PAGE_IN(gpa=G, flags=0, order=16) -> -55 (U_P2)");
            row.Line("kvm run failed Bad address");
        })
        {
            Rules = ["UV_PAGE_IN nth=2 return=U_P2"],
        },
        new("U4", Machines.Spoilt, "swap-shared", row =>
        {
            ulong gpa = row.FrameNamed(RowFrame);
            Assert.That(row.Calls(gpa)[^1], Is.EqualTo(Reflected), "no call for the frame");
            row.Line("kvm run failed Bad address");
        })
        {
            Overrides = [$"gfn_to_pfn return={ErrorPfn} from=kvmppc_send_page_to_uv"],
        },

        // As in S9, QEMU has to drop the page that gfn_to_pfn holds, or it could not become secure.
        new("U6", Machines.TwoCpus, "race-touch", row => row.Contains(
            row.FrameNamed("demo: race for"),
            Reflected,
            "held at the return of gfn_to_pfn into kvmppc_send_page_to_uv until UV_UNSHARE_PAGE cpu=0",
            Invalidated, // madvise
            AskSecure,
            Invalidated, // migrate_vma_setup
            Invalidated, // migrate_vma_pages: a hole
            PageInAgreed,
            Unshared,
            "released at the return of gfn_to_pfn into kvmppc_send_page_to_uv after UV_UNSHARE_PAGE cpu=0"))
        {
            Gates = ["gfn_to_pfn at=return from=kvmppc_send_page_to_uv after console=race-begins until UV_UNSHARE_PAGE cpu=0"],
        },
        // Before H_SVM_INIT_DONE: each page that migrates is unmapped (kvm_unmap_radix), and the ultravisor hears nothing of it.
        new("U8", Machines.Running, "boot", row =>
        {
            Assert.That(row.Hits.Select(hit => hit.Act.Act), Is.EqualTo(new[] { ProbeAct.Held, ProbeAct.Released }));
            Assert.That(Takeover.Of(row).Secured(withContent: true), Is.Not.Empty);
            Assert.That(row.AllCalls().TakeWhile(call => call != "uv calls H_SVM_INIT_DONE()"), Has.None.StartsWith("UV_PAGE_INVAL"));
        })
        {
            Gates = ["kvm_unmap_radix within=kvmppc_h_svm_page_in until ticks=1"],
        },
        new("U9", Machines.Running, "share-any", row => row.Frame(RowFrame, AskShared, "UV_PAGE_INVAL(gpa=G, order=16) -> -75 (U_STATE)", Given, PageInAgreed, Shared))
        {
            Rules = ["UV_PAGE_INVAL nth=every return=U_STATE"],
        },

        // KSM merges the hypervisor's pages of two shared frames; the guest's touches take them apart again.
        new("U10", Machines.Running, "share-merged", row =>
        {
            row.Frame(
                RowFrame,
                Invalidated, // write_protect_page
                Invalidated, // its change of the page table, by kvm_set_spte_gfn_hv
                Invalidated, // replace_page
                Invalidated,
                Reflected,
                Invalidated, // the hypervisor makes a copy for the frame (wp_page_copy)
                Invalidated,
                Given);
            Assert.That(row.Hits.Select(hit => hit.Act.Act), Is.EqualTo(new[] { ProbeAct.Held, ProbeAct.Released }));
        })
        {
            Gates = ["kvm_set_spte_gfn_hv until ticks=1"],
        },
    ];

    private const string Reflected = "interrupt 0xe00 to the hypervisor";
}
