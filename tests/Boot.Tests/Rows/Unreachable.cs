namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Rows that no run can show, with the proof.</summary>
internal static class Unreachable
{
    private const string DeviceTree = "The device tree is the machine's own: one node for secure memory, with its range.";
    private const string NoHugePages = "The kernel is configured without CONFIG_TRANSPARENT_HUGEPAGE.";

    public static readonly (string Row, string Proof)[] All =
    [
        ("I2", DeviceTree),
        ("I10", "KVM HV is part of the kernel, not a module: kvmppc_uvmem_free is called by nobody."),
        ("A2", "A guest with a hash page table does not run on this machine, which has no hash translation: it gets no further than its first instruction."),
        ("P11", NoHugePages),
        ("P12", NoHugePages),
        ("S19", "Device pages can't be pinned: get_user_pages faults, and the fault takes the frame out of secure memory."),
        ("U5", "The ultravisor reflects storage interrupts of SHARED_INV frames only (UltravisorModel.ServeStorage); for others it asks for the page itself."),
        ("F6", "migrate_vma_setup is asked for device pages of this pool alone (MIGRATE_VMA_SELECT_DEVICE_PRIVATE, pgmap_owner)."),
        ("V2", "Linux starts its other CPUs long after UV_ESM, by RTAS start-cpu."),
    ];
}
