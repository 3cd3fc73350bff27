using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>
/// /ibm,opal/fw-features: what the kernel needs to do against speculative execution, and can (Linux arch/powerpc/platforms/powernv/setup.c,
/// init_fw_feat_flags; arch/powerpc/kvm/powerpc.c, kvmppc_get_cpu_char). This processor has no cache and does not speculate: nothing is needed.
/// The instructions exist, for guests that use them all the same; with this list QEMU's default capabilities are met.
/// </summary>
internal static class SecurityFeatures
{
    private static readonly string[] Enabled =
    [
        "inst-spec-barrier-ori31,31,0",
        "inst-l1d-flush-ori30,30,0",
        "inst-l1d-flush-trig2",
        "fw-l1d-thread-split",
        "fw-count-cache-flush-bcctr2,0,0",
        "speculation-policy-favor-security",
        "no-need-l1d-flush-msr-pr-1-to-0",
        "no-need-l1d-flush-kernel-on-user-access",
        "no-need-store-drain-on-priv-state-switch",
    ];

    private static readonly string[] Disabled =
    [
        "fw-bcctrl-serialized",
        "fw-count-cache-disabled",
        "needs-l1d-flush-msr-hv-1-to-0",
        "needs-l1d-flush-msr-pr-0-to-1",
        "needs-spec-barrier-for-bound-checks",
        "needs-count-cache-flush-on-context-switch",
    ];

    public static void AddTo(FdtNode opal)
    {
        FdtNode features = opal.AddNode("fw-features");
        foreach (string name in Enabled)
            features.AddNode(name).Set("enabled");
        foreach (string name in Disabled)
            features.AddNode(name).Set("disabled");
    }
}
