using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 6: the host touches a secure frame, and H_SVM_PAGE_OUT. F8 is beside S8.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> PageOut =>
    [
        new("F1", Machines.Usual, "F1", row =>
        {
            row.FrameBegins("demo: the host reads", "SECURE PAGEDOUT", Sequence.HostLooks);
            row.PoolChanges("secret-written", "paged-out", by: -1);
        }),
        new("F2", Machines.Running, "look-refused", row => LookRefused(row, SecureStays, "UV_PAGE_OUT(gpa=G, flags=0, order=16) -> -5 (U_RETRY)")) { Rules = ["UV_PAGE_OUT return=U_RETRY"] },
        new("F4", Machines.Running, "look-refused", row => LookRefused(row)) { Overrides = ["migrate_vma_setup return=-22 from=__kvmppc_svm_page_out"] },
        new("F7", Machines.Running, "look-refused", row => LookRefused(row, SecureStays)) { Overrides = ["__folio_alloc return=0 from=__kvmppc_svm_page_out"] },

        // The matrix has the second fault find nothing to do. It does not come to that: whoever is in kvmppc_uvmem_migrate_to_ram has a reference to the device
        // page. migrate_vma_check_page allows for one too many of device pages, folio_migrate_mapping does not (mm/migrate_device.c, mm/migrate.c): the page is
        // written out and does not come into its place, as in F9.
        new("F3", Machines.TwoCpus, "look-twice", row =>
        {
            row.Frame(
                RowFrame,
                "held at kvmppc_uvmem_migrate_to_ram until UV_PAGE_OUT cpu=0 nth=2",
                SecureStays,
                Fetched,
                SecureStays,
                WrittenAlready,
                "released at kvmppc_uvmem_migrate_to_ram after UV_PAGE_OUT cpu=0 nth=2",
                SecureStays,
                WrittenAlready);
            LosesContent(row);
        })
        {
            Gates = ["kvmppc_uvmem_migrate_to_ram cpu=4 after console=demo: row about until UV_PAGE_OUT cpu=0 nth=2"],
            Diverges = ContentLost,
        },

        // Not selected, as with D7: the fault is tried again.
        new("F5", Machines.Running, "F1", row => row.FrameIs("demo: the host reads", "SECURE PAGEDOUT SECURE", [SecureStays], Sequence.HostLooks, Sequence.GuestTouches))
        {
            Overrides = ["walk_page_range return=0 within=kvmppc_uvmem_migrate_to_ram"],
        },

        // The ultravisor has written the ciphertext, the page does not come into its place: the fault is tried again, and now the ultravisor has nothing to write.
        new("F9", Machines.Spoilt, "look-lost", row =>
        {
            row.Frame(RowFrame, SecureStays, Fetched, SecureStays, WrittenAlready);
            LosesContent(row);
        })
        {
            Overrides = ["migrate_folio_extra return=-11 within=kvmppc_uvmem_migrate_to_ram"],
            Diverges = ContentLost,
        },

        // A child of QEMU's, which has its own page table: one UV_PAGE_OUT, and both have the page.
        new("F10", Machines.Running, "look-forked", row =>
        {
            row.Frame(RowFrame, SecureStays, Fetched, AskSecure);
            row.PoolChanges("secret-written", "paged-out", by: -1);
        }),
        new("O1", Machines.Normal, "esm-early", row => RefusedBeforeStart(row, "H_SVM_PAGE_OUT(gpa=0x0, flags=0, order=16)"))
        {
            Rules = ["H_SVM_INIT_START hcall=H_SVM_PAGE_OUT gpa=0 flags=0 order=16"],
            Gates = ["kvmppc_h_svm_page_out at=return until ticks=1"],
        },
        new("O2", Machines.Running, "unshare-secret", row => row.Frame(RowFrame, "uv calls H_SVM_PAGE_OUT(gpa=G, flags=0, order=12)", "H_SVM_PAGE_OUT = -56 (U_P3)", Unshared))
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT, order: 12)],
        },
        new("O3", Machines.Running, "unshare-secret", row => row.Frame(RowFrame, "uv calls H_SVM_PAGE_OUT(gpa=G, flags=1, order=16)", "H_SVM_PAGE_OUT = -55 (U_P2)", Unshared))
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT, flags: 1)],
        },
        new("O4", Machines.Running, "unshare-secret", row => row.Refused($"uv calls H_SVM_PAGE_OUT(gpa={OutsideMemory}, flags=0, order=16)", PageOutRefused))
        {
            Rules = [$"UV_UNSHARE_PAGE hcall=H_SVM_PAGE_OUT gpa={OutsideMemory} flags=0 order=16"],
        },
        new("O5", Machines.Running, "unshare-secret", row => row.Frame(RowFrame, AskOut, PageOutRefused, Unshared))
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT)],
            Overrides = ["find_vma_intersection return=0 from=kvmppc_h_svm_page_out"],
        },
        new("O6", Machines.Running, "unshare-secret", row =>
        {
            row.Frame(RowFrame, AskOut, SecureStays, Fetched, PageOutAgreed, Unshared);
            row.PoolChanges("secret-written", "asked", by: -1);
        })
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT)],
        },
        new("O9", Machines.Running, "unshare-secret", row =>
        {
            row.Frame(RowFrame, PageOutAgreed, Unshared, AskSecure, SecureStays, Given, PageInAgreed);
            row.PoolChanges("asked", "row-over", by: +1);
        })
        {
            LooksAt = "O6",
        },
        new("O7", Machines.Running, "unshare-any", row => row.Frame(RowFrame, AskOut, PageOutAgreed, AskSecure, Invalidated, Given, PageInAgreed, Unshared))
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT)],
        },
        new("O8", Machines.Running, "unshare-secret", row =>
        {
            row.Frame(RowFrame, AskOut, SecureStays, "UV_PAGE_OUT(gpa=G, flags=0, order=16) -> -5 (U_RETRY)", PageOutRefused, Unshared);
            row.PoolChanges("secret-written", "asked", by: 0);
        })
        {
            Rules = [Before(UltraCall.UV_UNSHARE_PAGE, HCall.H_SVM_PAGE_OUT), "UV_PAGE_OUT return=U_RETRY"],
        },
    ];

    private const string WrittenAlready = "UV_PAGE_OUT(gpa=G, flags=0, order=16) -> -4 (U_PARAMETER)";
    private const string ContentLost = "secure for the hypervisor, paged out for the ultravisor";
    private const string AskOut = "uv calls H_SVM_PAGE_OUT(gpa=G, flags=0, order=16)";

    // The ciphertext was in a page that is free again.
    private static void LosesContent(Segment row)
    {
        Assert.That(row.Lines, Has.Some.Match("demo: the host's looks?: read=0"));
        FrameState frame = row.At("row-over").State.Frame(row.FrameNamed(RowFrame));
        Assert.That((frame.Hypervisor, frame.Ultravisor), Is.EqualTo((GfnState.Uvmem, (PageState?)PageState.PAGEDOUT)));
    }

    // The first look fails, the second one succeeds, then the guest touches the frame.
    private static void LookRefused(Segment row, params string[] first)
    {
        row.Frame(RowFrame, [.. first, SecureStays, Fetched, AskSecure, SecureStays, Given, PageInAgreed]);
        row.PoolChanges("secret-written", "refused", by: 0);
    }
}
