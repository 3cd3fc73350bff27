using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Boots that several tests look at. Each runs once, when the first test wants it.</summary>
internal static class Boots
{
    private const ulong GiB = 1 << 30;

    private static readonly Lazy<BootRecord> LazySecure = new(() => BootRecord.Of(new BootPlan { Name = "secure", Run = "secure", SecureMemory = GiB }));
    private static readonly Lazy<BootRecord> LazyPlain = new(() => BootRecord.Of(new BootPlan { Name = "plain", Run = "plain:no-ultravisor,demo" }));

    private static readonly Lazy<BootRecord> LazySlof = new(() => BootRecord.Of(new BootPlan { Name = "slof", Run = "case:slof", SecureMemory = GiB }));
    private static readonly Lazy<BootRecord> LazyHash = new(() => BootRecord.Of(new BootPlan { Name = "hash", Run = "plain:no-ultravisor,demo disable_radix", Processors = 2 }));
    private static readonly Lazy<BootRecord> LazyHashGuest = new(() => BootRecord.Of(new BootPlan { Name = "hash-guest", Run = "plain:no-ultravisor,demo uvmem.guest=disable_radix" }));
    private static readonly Lazy<BootRecord> LazyHashSecure = new(() => BootRecord.Of(new BootPlan { Name = "hash-ultravisor", Run = "plain:demo disable_radix", SecureMemory = GiB }));

    /// <summary>The secure story, as ./scripts/run.sh tells it.</summary>
    public static BootRecord Secure => LazySecure.Value;

    /// <summary>A machine without an ultravisor.</summary>
    public static BootRecord Plain => LazyPlain.Value;

    /// <summary>A secure guest whose firmware is SLOF instead of VOF.</summary>
    public static BootRecord Slof => LazySlof.Value;

    /// <summary>The same with hash translation, in hypervisor and guest, on two processors.</summary>
    public static BootRecord Hash => LazyHash.Value;

    /// <summary>A radix hypervisor with a hash guest.</summary>
    public static BootRecord HashGuest => LazyHashGuest.Value;

    /// <summary>A hash hypervisor under an ultravisor, whose partition table it is.</summary>
    public static BootRecord HashUnderUltravisor => LazyHashSecure.Value;
}
