using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 3: H_SVM_PAGE_IN of frames that become secure.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> PageIn =>
    [
        new("P13", Machines.SmallPool, "P13", PoolFull),
        new("P15", Machines.Usual, "P17", row => Assert.That(Takeover.Of(row).Secured(withContent: false), Is.Not.Empty)),
        new("P17", Machines.Usual, "P17", row =>
        {
            Takeover.Answer[] given = [.. Takeover.Of(row).Secured(withContent: true)];
            Assert.That(given, Is.Not.Empty);
            Assert.That(given, Is.All.Matches<Takeover.Answer>(frame => frame.GaveOnePage));
            Assert.That(given.Select(frame => frame.Gpa), Is.Unique);
        }),

        new("P1", Machines.Normal, "esm-early", row => RefusedBeforeStart(row, "H_SVM_PAGE_IN(gpa=0x0, flags=0, order=16)"))
        {
            Rules = ["H_SVM_INIT_START hcall=H_SVM_PAGE_IN gpa=0 flags=0 order=16"],
            Gates = ["kvmppc_h_svm_page_in at=return until ticks=1"],
        },
        new("P2", Machines.Usual, "P2", row => row.Refused("uv calls H_SVM_PAGE_IN(gpa=0x100000, flags=0, order=12)", "H_SVM_PAGE_IN = -56 (U_P3)"))
        {
            Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=0 order=12"],
        },
        new("P3", Machines.Usual, "P3", row => row.Refused("uv calls H_SVM_PAGE_IN(gpa=0x100000, flags=2, order=16)", "H_SVM_PAGE_IN = -55 (U_P2)"))
        {
            Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=2 order=16"],
        },
        new("P4", Machines.Running, "share-any", row => row.Refused($"uv calls H_SVM_PAGE_IN(gpa={OutsideMemory}, flags=0, order=16)", PageInRefused))
        {
            Rules = [$"UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa={OutsideMemory} flags=0 order=16"],
        },
        new("P5", Machines.Running, "share-any", row => row.Frame(RowFrame, AskSecure, PageInRefused, AskShared, SecureStays, Given, PageInAgreed, Shared))
        {
            Rules = [Before(UltraCall.UV_SHARE_PAGE, HCall.H_SVM_PAGE_IN)],
        },
        new("P6", Machines.Running, "unshare-any", row => StaysShared(row, AskSecure, PageInRefused, UnshareRefused))
        {
            Overrides = ["find_vma_intersection return=0 from=kvmppc_h_svm_page_in"],
        },
        new("P7", Machines.Running, "unshare-any", row => StaysShared(row, AskSecure, PageInRefused, UnshareRefused))
        {
            Overrides = ["migrate_vma_setup return=-22 from=kvmppc_svm_page_in"],
        },

        // A pipe of QEMU's holds the page.
        new("P8", Machines.Running, "unshare-held", row => row.Frame(RowFrame, AskSecure, Invalidated, PageInRefused, UnshareRefused)),
        new("P9", Machines.Running, "swap-ciphertext", row =>
        {
            row.Frame(RowFrame, AskSecure, SecureStays, PageInRefused, AskSecure, SecureStays, PageInRefused);
            row.Frame(RowFrame, AskSecure, SecureStays, Given, PageInAgreed);
        }),
        new("P10", Machines.Refusing, "stays-out-shmem", SharedMemoryStays),
        new("P14", Machines.Running, "unshare-any", row =>
        {
            StaysShared(row, AskSecure, Invalidated, PageInRefused, UnshareRefused);
            row.PoolChanges("shared", "row-over", by: 0);
        })
        {
            Overrides = ["kmalloc_trace return=0 from=kvmppc_svm_page_in"],
        },

        // The dispatch trace log, which the hypervisor writes to: kvmppc_pin_guest_page holds its page as long as it is registered.
        new("P8b", Machines.Running, "unshare-registered", row =>
        {
            row.Frame(RowFrame, AskSecure, Invalidated, PageInRefused, UnshareRefused);
            row.Frame(RowFrame, AskSecure, Invalidated, Given, PageInAgreed, Unshared);
            Assert.That(row.At("refused").State.Frame(row.FrameNamed(RowFrame)).Hypervisor, Is.EqualTo(GfnState.Shared));
        }),

        // The zero page, after the host has read where QEMU had dropped the page. The matrix has one UV_PAGE_INVAL. Holes and the zero page have a second one, where
        // migrate_vma_pages puts the device page (mm/migrate_device.c, migrate_vma_insert_page), and the zero page a third one: it is there, so
        // set_pte_at_notify tells KVM (kvm_set_spte_gfn_hv).
        new("P16", Machines.Running, "unshare-zero-page", row => row.Frame(RowFrame, AskSecure, Invalidated, Invalidated, Invalidated, PageInAgreed, Unshared)),
        new("P18", Machines.Spoilt, "last-unshare-any", row => LosesFrame(row, AskSecure, Invalidated, "UV_PAGE_IN(gpa=G, flags=0, order=16) -> -55 (U_P2)", PageInRefused, UnshareRefused))
        {
            Rules = ["UV_PAGE_IN nth=2 return=U_P2"],
            Diverges = "the hypervisor takes the frame for secure though the ultravisor took no page",
        },
        new("P18-positive", Machines.Spoilt, "last-unshare-any", row => LosesFrame(row, AskSecure, Invalidated, "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 1 (U_BUSY)", PageInRefused, UnshareRefused))
        {
            Rules = ["UV_PAGE_IN nth=2 return=U_BUSY"],
            Diverges = "the hypervisor takes the frame for secure though the ultravisor took no page",
        },
        new("P19", Machines.Usual, "F1", row =>
        {
            row.FrameIs("demo: the host reads", "SECURE PAGEDOUT SECURE", Sequence.HostLooks, Sequence.GuestTouches);
            row.PoolChanges("paged-out", "paged-in", by: +1);
        }),
        new("P20", Machines.Usual, "P20", row =>
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
        new("P21", Machines.Running, "unshare-hole", row => row.Frame(RowFrame, Invalidated, AskSecure, Invalidated, Invalidated, PageInAgreed, Unshared)),

        // The ultravisor asks again and is refused, for the frame is secure already: the guest's touch never ends, and QEMU is killed.
        new("P22", Machines.Spoilt, "drop-ciphertext", row =>
            row.Frame(RowFrame, SecureStays, AskSecure, SecureStays, SecureStays, PageInAgreed, AskSecure, PageInRefused)),
        new("P23", Machines.Spoilt, "last-unshare-any", row => LosesFrame(row, AskSecure, Invalidated, Given, PageInAgreed, Unshared))
        {
            Overrides = ["migrate_folio_extra return=-11 within=kvmppc_svm_page_in"],
            Diverges = "the hypervisor takes the frame for paged out, the ultravisor for secure",
        },
    ];

    // The ultravisor never gets the answer: secure_guest is not set, so the guest is entered as a normal one, without UV_RETURN (book3s_64_entry.S).
    private static void RefusedBeforeStart(Segment row, string call)
    {
        Assert.That(row.AllCalls()[^1], Is.EqualTo($"uv calls {call}"));
        Assert.That((long)row.Hits[0].Registers.Gpr[3], Is.EqualTo(HUnsupported));
    }

    // Linux: arch/powerpc/include/asm/hvcall.h
    private const long HUnsupported = -67;

    // An unshare that was refused: both sides still have the frame shared.
    private static void StaysShared(Segment row, params string[] calls)
    {
        row.Frame(RowFrame, calls);
        Assert.That(row.At("row-over").State.Frame(row.FrameNamed(RowFrame)).Hypervisor, Is.EqualTo(GfnState.Shared));
    }

    // The frame is Mem for the hypervisor, without any page of the pool.
    private static void LosesFrame(Segment row, params string[] calls)
    {
        row.Frame(RowFrame, calls);
        ulong gpa = row.FrameNamed(RowFrame);
        MemoryState state = row.At("row-over").State;
        Assert.That(state.Frame(gpa).Hypervisor, Is.EqualTo(GfnState.Mem));
        Assert.That(state.Pool.Any(page => page.Gpa == gpa), Is.False, "a device page for it");
    }

    // File pages do not migrate to device memory (mm/migrate_device.c): the ultravisor takes each page, Linux answers that all went well, and the page stays where it was.
    // A hole of a file does not migrate at all, and ends the takeover.
    private static void SharedMemoryStays(Segment row)
    {
        Takeover.Answer[] answers = [.. Takeover.Of(row).Answers.Where(answer => !answer.Shared)];
        MemoryState state = row.At(nameof(UltraCall.UV_SVM_TERMINATE)).State;
        Assert.Multiple(() =>
        {
            Assert.That(answers[..^1], Is.All.Matches<Takeover.Answer>(answer => answer.GaveOnePage && answer.Result == UReturn.U_SUCCESS));
            Assert.That((answers[^1].Result, answers[^1].PageIns.Length), Is.EqualTo((UReturn.U_PARAMETER, 0)), "the first hole");
            Assert.That(row.AllCalls(), Has.None.StartsWith("UV_PAGE_OUT"), "nothing is in secure memory");
            Assert.That(state.Pool, Is.Empty);
        });
    }

    private static void PoolFull(Segment row)
    {
        var takeover = Takeover.Of(row);
        Takeover.Answer refused = takeover.Answers[^1];
        Assert.Multiple(() =>
        {
            Assert.That(takeover.Answers.Count(answer => !answer.Shared && answer.Result == UReturn.U_SUCCESS), Is.EqualTo((int)(Machines.GuestMemory / 2 / Frames.Size)), "frames of the whole pool");
            Assert.That(refused, Has.Property(nameof(refused.Result)).EqualTo(UReturn.U_PARAMETER));
            Assert.That(refused.PageIns, Is.Empty, "UV_PAGE_IN for the frame that found no room");
            Assert.That(row.Boot.All.States(refused.Gpa), Is.Empty);
        });
    }
}
