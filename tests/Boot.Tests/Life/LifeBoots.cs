using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Life;

/// <summary>Boots in which scripts of firmware/host/scripts run one after the other, with guests of their own.</summary>
internal static class LifeBoots
{
    /// <summary>As often as the guest is reset in <see cref="OneGuest"/>.</summary>
    public const int Resets = 20;

    private const ulong MiB = 1 << 20;

    private static readonly Lazy<BootRecord> LazyOneGuest = new(() =>
        BootRecord.Of(new BootPlan { Name = "life", Run = $"script:reboot,kexec,panic,hotplug,balloon,memory,pressure,no-bounce,normal-balloon,normal-memory uvmem.reboots={Resets}", SecureMemory = 1024 * MiB }));

    private static readonly Lazy<BootRecord> LazyCrowd = new(() => BootRecord.Of(new BootPlan { Name = "crowd", Run = "script:crowd", SecureMemory = 1280 * MiB }));

    private static readonly Lazy<BootRecord> LazyExhausted = new(() => BootRecord.Of(new BootPlan { Name = "exhausted", Run = "script:exhausted", SecureMemory = 384 * MiB }));

    /// <summary>One guest at a time, normal ones last.</summary>
    public static BootRecord OneGuest => LazyOneGuest.Value;

    /// <summary>Four SVMs and a normal guest at once.</summary>
    public static BootRecord Crowd => LazyCrowd.Value;

    /// <summary>Secure memory for one guest and a half.</summary>
    public static BootRecord Exhausted => LazyExhausted.Value;
}
