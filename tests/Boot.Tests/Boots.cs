using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The boots that tests look at. Each runs once, when the first test wants it.</summary>
internal static class Boots
{
    private const ulong MiB = 1 << 20;

    private static readonly Lazy<BootRecord> LazySecure = new(() => BootRecord.Of("secure", "secure", 1024 * MiB));
    private static readonly Lazy<BootRecord> LazyPlain = new(() => BootRecord.Of("plain", "plain:no-ultravisor,demo", null));

    /// <summary>The secure story.</summary>
    public static BootRecord Secure => LazySecure.Value;

    /// <summary>No ultravisor.</summary>
    public static BootRecord Plain => LazyPlain.Value;
}
