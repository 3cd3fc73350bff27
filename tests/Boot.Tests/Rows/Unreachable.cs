namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Rows that no run can show, with the proof.</summary>
internal static class Unreachable
{
    private const string NoHugePages = "migrate_vma_collect_pmd (mm/migrate_device.c:73-107): this kernel has no CONFIG_TRANSPARENT_HUGEPAGE, so it has no such code. uvmem sees single pages in any case.";

    public static readonly (string Row, string Proof)[] All =
    [
        ("I10", "kvmppc_book3s_exit_hv (book3s_hv.c:6322) alone calls kvmppc_uvmem_free, by module_exit; KVM HV is part of this kernel (CONFIG_KVM_BOOK3S_64_HV=y)."),
        ("P11", NoHugePages),
        ("P12", NoHugePages),
        ("S19", "follow_page_pte (mm/gup.c:575) finds no page that is present; the fault that follows (do_swap_page, mm/memory.c:3801) takes the frame out of secure memory. Rows F1, S1."),
        ("U5", "The ultravisor reflects storage interrupts of SHARED_INV frames only (UltravisorModel.ServeStorage); for others it asks for the page itself."),
        ("F6", "migrate_vma_collect_pmd (mm/migrate_device.c:139-145, :162) leaves out all but device pages of this pool: MIGRATE_VMA_SELECT_DEVICE_PRIVATE, pgmap_owner."),
        ("V2", "A guest calls UV_ESM from prom_init (setup_secure_guest); its other CPUs are stopped in QEMU until smp_startup_cpu (pseries/smp.c:115) calls RTAS start-cpu. "
            + "A guest that calls it later, with another CPU running, gets that one refused: the hypervisor then executes what stands behind its UV_RETURN (book3s_64_entry.S:263), which is no code for that, and no row can come to an end."),
    ];
}
