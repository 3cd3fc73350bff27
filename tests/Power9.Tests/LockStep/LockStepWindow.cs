namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>A stretch of the boot.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Addresses">It begins at the first of these that is reached after the window before; none: right there.</param>
/// <param name="Instructions">How long it is, at least.</param>
/// <param name="Types">Whether a key is pressed in it, after a quarter.</param>
/// <param name="IsUsual">Whether the ordinary tests have it.</param>
internal sealed record LockStepWindow(string Name, ulong[] Addresses, long Instructions, bool Types = false, bool IsUsual = false)
{
    // QEMU's powernv9 puts the kernel's file here, and skiboot enters its first segment in place.
    private const ulong KernelFile = 0x20000000;
    private const ulong FirstSegment = 0x10000;

    /// <summary>The windows in the order in which they come, of so many instructions together.</summary>
    public static IReadOnlyList<LockStepWindow> All(PeerImages images, long instructions)
    {
        long Count(long percent) => percent * instructions / 100;
        return
        [
            new("firmware", [], Count(4), IsUsual: true),
            new("kernel's first", [KernelFile + FirstSegment], Count(5)),
            new("device tree", Function(images, "early_setup"), Count(5)),
            new("MMU tables", Function(images, "radix__early_init_mmu"), Count(6)),
            new("MMU on", Function(images, "start_here_common"), Count(10), IsUsual: true),
            new("OPAL console", Function(images, "opal_put_chars"), Count(5)),
            new("device interrupt", Function(images, "icp_opal_get_irq"), Count(5), Types: true, IsUsual: true),
            new("first user process", Function(images, "start_thread"), Count(15), Types: true, IsUsual: true),
            new("QEMU's start", Function(images, "open_exec"), Count(20), IsUsual: true),
            new("KVM entry and exit", Function(images, "kvmhv_vcpu_entry_p9"), Count(15), Types: true, IsUsual: true),

            // The guest's kernel is the same one at the same addresses.
            new("guest's first process", Function(images, "start_thread"), Count(10)),
        ];
    }

    /// <summary>The same of a kernel with <c>disable_radix</c>: those in which its translation matters.</summary>
    public static IReadOnlyList<LockStepWindow> Hash(PeerImages images, long instructions)
    {
        long Count(long percent) => percent * instructions / 100;
        return
        [
            new("hash: MMU tables", Function(images, "hash__early_init_mmu"), Count(10)),
            new("hash: MMU on", Function(images, "start_here_common"), Count(20)),
            new("hash: first user process", Function(images, "start_thread"), Count(35), Types: true),
            new("hash: QEMU's start", Function(images, "open_exec"), Count(35)),
        ];
    }

    // Entered at its beginning from elsewhere, two instructions on from the kernel itself (ELFv2's local entry).
    private static ulong[] Function(PeerImages images, string name) => [images.Address(name), images.Address(name) + 8];
}
