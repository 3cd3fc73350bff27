using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Probes;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>
/// The retry of kvmppc_share_page: the frame becomes secure again between gfn_to_pfn and taking uvmem_lock. The first CPU is held at exactly that place
/// while the second one asks for the frame.
/// </summary>
internal static partial class Matrix
{
    // The second CPU's unshare would be refused at once, a share of the frame being under way; here the ultravisor asks the hypervisor first.
    private const string PageInForOtherCpu = "UV_UNSHARE_PAGE hcall=H_SVM_PAGE_IN gpa=call flags=0 order=16";

    // The matrix has the second CPU's H_SVM_PAGE_IN succeed as it is. It does not: gfn_to_pfn has a reference to the page, and a page with a
    // reference beside its mapping does not migrate (mm/migrate_device.c, migrate_vma_check_page). See NoRetry. What it takes is that the page goes
    // away meanwhile: QEMU drops it (MADV_DONTNEED, as for a balloon), the frame is a hole, and holes become secure without UV_PAGE_IN.
    private static void Retry(Segment row)
    {
        ulong gpa = row.FrameNamed("demo: race for");
        Assert.That(row.Hits.Select(hit => hit.Act.Act), Is.EqualTo(new[] { ProbeAct.Held, ProbeAct.Released }));
        MemoryState before = row.At("race-begins").State;
        (MemoryState held, MemoryState released, MemoryState after) = (row.Hits[0].State, row.Hits[1].State, row.At("race-over").State);
        UvmemPage first = held.Page!;
        Assert.Multiple(() =>
        {
            // Before: a device page stands for the frame.
            Assert.That(before.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Uvmem));

            // Held: gfn_to_pfn has made the device page go, and holds the page that took its place: one reference of the page table, one of its own,
            // and one more as long as the page is in its CPU's batch of new pages.
            Assert.That(held.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Mem));
            Assert.That(held.Pool, Has.Count.EqualTo(before.Pool.Count - 1), "pool while held");
            Assert.That(first, Has.Property(nameof(first.Mappings)).EqualTo(1).And.Property(nameof(first.References)).EqualTo(2).Or.Property(nameof(first.References)).EqualTo(3));

            // The other CPU's call is over: secure again, by a new device page with one reference; the first page is not mapped any more.
            Assert.That(released.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Uvmem));
            Assert.That(released.Pool, Has.Count.EqualTo(before.Pool.Count), "pool when released");
            UvmemDevicePage device = released.Pool.Single(page => page.Gpa == gpa);
            Assert.That((device.References, device.SkipPageOut, device.RemoveGfn), Is.EqualTo((1, false, false)));
            Assert.That(released.Page, Is.EqualTo(first with { References = first.References - 1, Mappings = 0 }), "the first page when released");

            // After the retry: shared, the device page free again, no reference left behind on either page.
            FrameState shared = after.Frame(gpa);
            Assert.That(shared.Hypervisor, Is.EqualTo(GfnState.Shared));
            Assert.That(after.Pool, Has.Count.EqualTo(before.Pool.Count - 1), "pool at the end");
            Assert.That((shared.Normal!.References, shared.Normal.Mappings), Is.EqualTo((1, 1)), "the shared page");
            Assert.That(after.Page is { } left && left.Pfn != shared.Normal.Pfn ? left.References : 0, Is.Zero, "the first page, if it is not the one that is shared now");
            Assert.That(after.Differences(), Is.Empty);
        });
        row.Contains(
            gpa,
            "uv calls H_SVM_PAGE_IN(gpa=G, flags=1, order=16)",
            SecureStays,
            "held at the return of gfn_to_pfn into kvmppc_h_svm_page_in until H_SVM_PAGE_IN cpu=0",
            SecureStays, // madvise
            "uv calls H_SVM_PAGE_IN(gpa=G, flags=0, order=16)",
            SecureStays, // migrate_vma_setup
            SecureStays, // migrate_vma_pages, which invalidates once more where it fills a hole
            "H_SVM_PAGE_IN = 0",
            "released at the return of gfn_to_pfn into kvmppc_h_svm_page_in after H_SVM_PAGE_IN cpu=0",
            "UV_UNSHARE_PAGE(gfn=N, count=1) -> -55 (U_P2)",
            SecureStays, // the second gfn_to_pfn
            "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
            "H_SVM_PAGE_IN = 0",
            "UV_SHARE_PAGE(gfn=N, count=1) -> 0");
    }

    // The same without QEMU's help: the reference of gfn_to_pfn keeps the page where it is, the second CPU's call fails as in row P8, and the share goes
    // on without a retry. The first CPU is let go before the second one asks whether the page migrates: migrate_vma_setup waits for all CPUs to empty
    // their batches of new pages (lru_add_drain_all), and a CPU that is held does not.
    private static void NoRetry(Segment row)
    {
        ulong gpa = row.FrameNamed("demo: race for");
        row.Contains(
            gpa,
            "uv calls H_SVM_PAGE_IN(gpa=G, flags=1, order=16)",
            SecureStays,
            "held at the return of gfn_to_pfn into kvmppc_h_svm_page_in until migrate_vma_setup cpu=0",
            "uv calls H_SVM_PAGE_IN(gpa=G, flags=0, order=16)",
            "released at the return of gfn_to_pfn into kvmppc_h_svm_page_in after migrate_vma_setup cpu=0",
            SecureStays,
            "H_SVM_PAGE_IN = -4 (U_PARAMETER)",
            "UV_UNSHARE_PAGE(gfn=N, count=1) -> -55 (U_P2)",
            "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
            "H_SVM_PAGE_IN = 0",
            "UV_SHARE_PAGE(gfn=N, count=1) -> 0");
        UvmemPage held = row.Hits[0].State.Page!, after = row.At("race-over").State.Frame(gpa).Normal!;
        Assert.That((held.Pfn, held.Mappings), Is.EqualTo((after.Pfn, 1)), "the page is the same");
        Assert.That((after.References, after.Mappings), Is.EqualTo((1, 1)), "and nobody holds it any more");
    }
}
