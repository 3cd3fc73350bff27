using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 4: kvmppc_share_page. S9 is in Matrix.Retry.cs.</summary>
internal static partial class Matrix
{
    private const int ManyFrames = 256;
    private const int FewFrames = 16;

    // The last frame of slot 30 and the first one of slot 31.
    private const ulong NextSlot = NewSlot + (NewSlotFrames * Frames.Size);

    private static IEnumerable<Row> Share =>
    [
        new("S3", Machines.Usual, "P17", row => RtasPages(row, populated: false)),
        new("S1", Machines.Usual, "S1", row =>
        {
            row.FrameIs("demo: shared", "SECURE HV_SHARING HV_SHARED SHARED", Sequence.Shares);
            row.PoolChanges("secret-written", "shared", by: -1);
        }),

        // The guest's kernel shares pages for its log of dispatches (arch/powerpc/platforms/pseries/svm.c, dtl_cache_ctor).
        new("S1-dtl", Machines.Running, "dispatch-log", row =>
        {
            UvEvent share = row.Events.First(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_SHARE_PAGE });
            row.Contains(share.Args[0] * Frames.Size, Sequence.Shares);
        }),
        new("S4", Machines.Running, "unshare-any", row => row.Frame(RowFrame, AskShared, Given, PageInAgreed, AskSecure, Invalidated, Given, PageInAgreed, Unshared))
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_IN, flags: 1)],
        },
        new("S5", Machines.Running, "share-paged-out", row =>
            row.Frame(RowFrame, SecureStays, Fetched, AskSecure, SecureStays, Given, PageInAgreed, AskShared, SecureStays, Given, PageInAgreed, Shared)),
        new("S6", Machines.Usual, "S6", row => row.Refused($"uv calls H_SVM_PAGE_IN(gpa={OutsideMemory}, flags=1, order=16)", PageInRefused))
        {
            Rules = [$"UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa={OutsideMemory} flags=1 order=16"],
        },
        new("S7", Machines.Spoilt, "last-share-any", row =>
        {
            row.Frame(RowFrame, AskShared, PageInRefused, ShareRefused);
            SkipsPageOut(row, "row-over");
        })
        {
            Overrides = [$"gfn_to_pfn return={ErrorPfn} from=kvmppc_h_svm_page_in"],
        },

        // No page for migrate_to_ram: the share is refused and the frame stays secure, but with skip_page_out set. The host's next look finds no content.
        // There are two faults: after a failure hva_to_pfn asks whether the page is poisoned, and that faults again (virt/kvm/kvm_main.c,
        // check_user_page_hwpoison). Were only the first one to find no page, the second one would drop the frame's content at once.
        new("S8", Machines.Spoilt, "share-refused-look", row =>
        {
            row.Frame(RowFrame, AskShared, SecureStays, SecureStays, PageInRefused, ShareRefused);
            SkipsPageOut(row, "refused");
        })
        {
            Overrides = ["__folio_alloc return=0 count=2 from=__kvmppc_svm_page_out"],
            Diverges = "the hypervisor has dropped its page for the frame without UV_PAGE_OUT",
        },
        new("F8", Machines.Spoilt, "share-refused-look", row =>
        {
            ulong gpa = row.FrameNamed(RowFrame);
            row.Contains(gpa, ShareRefused, SecureStays);
            Assert.That(row.Calls(gpa), Has.None.StartsWith("UV_PAGE_OUT"));
            Assert.That(row.At("row-over").State.Frame(gpa), Has.Property(nameof(FrameState.Hypervisor)).EqualTo(GfnState.Mem).And.Property(nameof(FrameState.Ultravisor)).EqualTo(PageState.SECURE));
            row.PoolChanges("refused", "row-over", by: -1);
        })
        {
            LooksAt = "S8",
            Diverges = "the hypervisor has dropped its page for the frame without UV_PAGE_OUT",
        },
        new("S9", Machines.TwoCpus, "S9", Retry)
        {
            Rules = [PageInForOtherCpu],
            Gates = ["gfn_to_pfn at=return from=kvmppc_h_svm_page_in after console=race-begins until H_SVM_PAGE_IN cpu=0"],
        },
        new("S9-pinned", Machines.TwoCpus, "S9-pinned", NoRetry)
        {
            Rules = [PageInForOtherCpu],
            Gates = ["gfn_to_pfn at=return from=kvmppc_h_svm_page_in after console=race-begins until migrate_vma_setup cpu=0"],
        },
        new("S10", Machines.Spoilt, "last-share-any", row =>
        {
            LosesFrame(row, AskShared, SecureStays, "UV_PAGE_IN(gpa=G, flags=0, order=16) -> -55 (U_P2)", PageInRefused, ShareRefused);
            row.PoolChanges("secret-written", "row-over", by: -1);
        })
        {
            Rules = ["UV_PAGE_IN return=U_P2"],
            Diverges = "the ultravisor has the frame secure again, the hypervisor has its ordinary page for it",
        },
        new("S11", Machines.Running, "share-any", row =>
        {
            UvmemPage page = row.At("row-over").State.Frame(row.FrameNamed(RowFrame)).Normal!;
            Assert.That((page.References, page.Mappings), Is.EqualTo((1, 1)), "the shared page: QEMU's mapping and nothing else");
        }),
        new("S12", Machines.Running, "share-any", row => row.Frame(RowFrame, "uv calls H_SVM_PAGE_IN(gpa=G, flags=1, order=12)", "H_SVM_PAGE_IN = -56 (U_P3)", AskShared))
        {
            Rules = [Before(UltraCall.UV_SHARE_PAGE, HCall.H_SVM_PAGE_IN, flags: 1, order: 12)],
        },
        new("S13", Machines.Running, "share-any", row => row.Frame(RowFrame, "uv calls H_SVM_PAGE_IN(gpa=G, flags=3, order=16)", "H_SVM_PAGE_IN = -55 (U_P2)", AskShared))
        {
            Rules = [Before(UltraCall.UV_SHARE_PAGE, HCall.H_SVM_PAGE_IN, flags: 3)],
        },
        new("S14", Machines.Usual, "S14", row =>
        {
            row.ForEachFrame(UltraCall.UV_SHARE_PAGE, ManyFrames, Sequence.GivesShared, PageState.SHARED);
            row.ForEachFrame(UltraCall.UV_UNSHARE_PAGE, ManyFrames, Sequence.TakesShared, PageState.SECURE);
        }),
        new("S15", Machines.Spoilt, "share-few-refused", FifthOfManyRefused)
        {
            Rules = ["UV_PAGE_IN nth=5 return=U_P2"],
            Diverges = "the frame that was refused: the ultravisor has it secure again, the hypervisor has its ordinary page for it",
        },
        new("S16", Machines.Running, "slots-share", row =>
        {
            row.ForEachFrame(UltraCall.UV_SHARE_PAGE, 2, Sequence.GivesShared, PageState.SHARED);
            MemoryState state = row.At("shared").State;
            Assert.That(new[] { -1, 0 }.Select(number => state.Frame(NextSlot + ((ulong)number * Frames.Size)).Hypervisor), Is.All.EqualTo(GfnState.Shared));
        }),
        new("S17", Machines.TwoCpus, "race-two", row =>
        {
            foreach (string line in new[] { "demo: race for", "demo: second share is" })
            {
                ulong gpa = row.FrameNamed(line);
                row.Contains(gpa, AskShared, SecureStays, Given, PageInAgreed, Shared);
                Assert.That(row.At("race-over").State.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Shared));
            }
        }),
        new("S18", Machines.Running, "share-busy", row => row.ForEachFrame(UltraCall.UV_SHARE_PAGE, FewFrames, Sequence.GivesShared, PageState.SHARED)),
    ];

    // The device page stays, and its content will be dropped silently.
    private static void SkipsPageOut(Segment row, string checkpoint)
    {
        ulong gpa = row.FrameNamed(RowFrame);
        MemoryState state = row.At(checkpoint).State;
        Assert.That(state.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Uvmem));
        UvmemDevicePage device = state.Pool.Single(page => page.Gpa == gpa);
        Assert.That((device.SkipPageOut, device.RemoveGfn), Is.EqualTo((true, false)));
    }

    // Four are given, the fifth is refused: the four are handed back, in order, by unshares. The guest has all its data (the guest checks that).
    private static void FifthOfManyRefused(Segment row)
    {
        const int Before = 4;
        ulong first = row.FrameNamed(RowFrame);
        Assert.Multiple(() =>
        {
            for (int n = 0; n < Before; n++)
            {
                row.Contains(first + ((ulong)n * Frames.Size), AskShared, SecureStays, Given, PageInAgreed, AskSecure, Invalidated, Given, PageInAgreed);
                Assert.That(row.States(first + ((ulong)n * Frames.Size)), Does.EndWith("SECURE HV_SHARING HV_SHARED HV_UNSHARING HV_UNSHARING_INV HV_UNSHARING SECURE"));
            }

            row.Contains(first + (Before * Frames.Size), AskShared, SecureStays, "UV_PAGE_IN(gpa=G, flags=0, order=16) -> -55 (U_P2)", PageInRefused);
            Assert.That(row.Calls(first + ((Before + 1) * Frames.Size)), Has.None.EqualTo(AskShared), "the hypervisor is asked for no more");
            Assert.That(row.AllCalls(), Has.Some.EndsWith($"UV_SHARE_PAGE(gfn=0x{first / Frames.Size:x}, count={FewFrames}) -> -55 (U_P2)"));
            Assert.That(row.At("row-over").State.Frame(first + (Before * Frames.Size)).Hypervisor, Is.EqualTo(GfnState.Mem));
        });
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
                Assert.That(row.States(page.Gpa), Does.EndWith("SECURE HV_SHARING HV_SHARED SHARED_IMPLICIT SHARED_IMPLICIT_INV SHARED_IMPLICIT"), "given twice");
        });
    }
}
