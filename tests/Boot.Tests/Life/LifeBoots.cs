using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Life;

/// <summary>Boots in which scripts of firmware/host/scripts run one after the other, with guests of their own.</summary>
internal static class LifeBoots
{
    /// <summary>As often as the guest is reset in <see cref="Reboots"/>.</summary>
    public const int Resets = 20;

    private const ulong MiB = 1 << 20;

    // The two long ones run at the same time.
    private static readonly Lazy<BootRecord[]> LazyLong = new(() => Task.WhenAll(
        Task.Run(() => Boot("reboots", $"script:reboot uvmem.reboots={Resets}", 1024 * MiB)),
        Task.Run(() => Boot("life", "script:kexec,panic,hotplug,balloon,memory,pressure,no-bounce,normal-balloon,normal-memory", 1024 * MiB))).Result);

    private static readonly Lazy<BootRecord> LazyCrowd = new(() => Boot("crowd", "script:crowd", 1280 * MiB));

    private static readonly Lazy<BootRecord> LazyExhausted = new(() => Boot("exhausted", "script:exhausted", 384 * MiB));

    /// <summary>One guest at a time, normal ones last.</summary>
    public static BootRecord OneGuest => LazyLong.Value[1];

    /// <summary>One guest that starts again and again.</summary>
    public static BootRecord Reboots => LazyLong.Value[0];

    /// <summary>Four SVMs and a normal guest at once.</summary>
    public static BootRecord Crowd => LazyCrowd.Value;

    /// <summary>Secure memory for one guest and a half.</summary>
    public static BootRecord Exhausted => LazyExhausted.Value;

    private static BootRecord Boot(string name, string run, ulong secureMemory) => BootRecord.Of(new BootPlan { Name = name, Run = run, SecureMemory = secureMemory });
}
