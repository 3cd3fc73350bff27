using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Boots that several tests look at. Each runs once, when the first test wants it.</summary>
internal static class Boots
{
    private const ulong GiB = 1 << 30;

    private static readonly Lazy<BootRecord> LazySecure = new(() => BootRecord.Of(new BootPlan { Name = "secure", Run = "secure", SecureMemory = GiB }));
    private static readonly Lazy<BootRecord> LazyPlain = new(() => BootRecord.Of(new BootPlan { Name = "plain", Run = "plain:no-ultravisor,demo" }));

    /// <summary>The secure story, as ./scripts/run.sh tells it.</summary>
    public static BootRecord Secure => LazySecure.Value;

    /// <summary>A machine without an ultravisor.</summary>
    public static BootRecord Plain => LazyPlain.Value;
}
