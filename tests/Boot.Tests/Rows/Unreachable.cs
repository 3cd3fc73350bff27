namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Rows that no run can show, with the proof.</summary>
internal static class Unreachable
{
    private const string BeforeStart =
        "The hypervisor enters a guest by UV_RETURN only when secure_guest is set, which H_SVM_INIT_START does first of all (book3s_64_entry.S). "
        + "It answers -67 and then enters a normal guest: no ultravisor ever gets that answer. From normal guests the call ends before (rows Z1-Z4).";

    private const string DeviceTree = "The device tree is the machine's own: one node for secure memory, with its range.";
    private const string NoHugePages = "The kernel is configured without CONFIG_TRANSPARENT_HUGEPAGE.";

    public static readonly (string Row, string Proof)[] All =
    [
        ("I2", DeviceTree),
        ("I3", DeviceTree),
        ("I4", DeviceTree),
        ("I5", DeviceTree),
        ("I10", "KVM HV is part of the kernel, not a module: kvmppc_uvmem_free is called by nobody."),
        ("P1", BeforeStart),
        ("O1", BeforeStart),
        ("E1", BeforeStart),
        ("P11", NoHugePages),
        ("P12", NoHugePages),
        ("S19", "Device pages can't be pinned: get_user_pages faults, and the fault takes the frame out of secure memory."),
        ("U5", "The ultravisor reflects storage interrupts of SHARED_INV frames only (UltravisorModel.ServeStorage); for others it asks for the page itself."),
        ("F6", "migrate_vma_setup is asked for device pages of this pool alone (MIGRATE_VMA_SELECT_DEVICE_PRIVATE, pgmap_owner)."),
        ("V2", "Linux starts its other CPUs long after UV_ESM, by RTAS start-cpu."),
    ];
}
