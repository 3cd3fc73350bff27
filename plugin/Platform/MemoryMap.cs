using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform;

/// <summary>
/// Real addresses of the machine. Normal RAM starts at 0; the kernel is loaded where it is linked, at its bottom. From the top down: firmware, device tree, initrd.
/// </summary>
public sealed class MemoryMap
{
    /// <summary>Real-address bit 15: marks secure memory (POWER9 with the Secure Memory Facility).</summary>
    public const ulong SecureBase = 1UL << 48;

    /// <summary>Linux's memory sections: RAM and secure pool are whole sections (SECTION_SIZE_BITS of arch/powerpc).</summary>
    public const ulong SectionSize = 16 * ByteSize.MiB;

    /// <summary>Least RAM: below it Linux with an initrd does not start.</summary>
    public const ulong MinimumRam = 256 * ByteSize.MiB;

    /// <summary>Most RAM or secure memory.</summary>
    public const ulong MaximumRam = 1024 * ByteSize.GiB;

    /// <summary>Bytes that OPAL keeps for itself, from <see cref="FirmwareBase"/>.</summary>
    public const ulong FirmwareSize = ByteSize.MiB;

    /// <summary>Most bytes the device tree may have.</summary>
    public const ulong DeviceTreeSize = ByteSize.MiB;

    private const ulong EntryOffset = 0x100;

    /// <summary>Lays out a machine.</summary>
    /// <exception cref="OptionException">A size is absurd.</exception>
    public MemoryMap(ulong ram, ulong secure)
    {
        Check("--memory", ram, MinimumRam);
        if (secure != 0)
            Check("--secure-memory", secure, SectionSize);
        RamSize = ram;
        SecureSize = secure;
        FirmwareBase = ram - FirmwareSize;
        DeviceTree = FirmwareBase - DeviceTreeSize;
    }

    /// <summary>Bytes of normal RAM.</summary>
    public ulong RamSize { get; }

    /// <summary>Bytes of secure memory; 0 for none.</summary>
    public ulong SecureSize { get; }

    /// <summary>What OPAL keeps for itself.</summary>
    public ulong FirmwareBase { get; }

    /// <summary>Where OPAL calls enter.</summary>
    public ulong OpalEntry => FirmwareBase + EntryOffset;

    /// <summary>Where the device tree lies.</summary>
    public ulong DeviceTree { get; }

    /// <summary>End of what kernel and initrd may use.</summary>
    public ulong LoadLimit => DeviceTree;

    private static void Check(string option, ulong size, ulong minimum)
    {
        if (size < minimum || size > MaximumRam || size % SectionSize != 0)
        {
            throw new OptionException(
                option,
                $"{ByteSize.Text(size)} is not possible, expected a multiple of {ByteSize.Text(SectionSize)} from {ByteSize.Text(minimum)} to {ByteSize.Text(MaximumRam)}");
        }
    }
}
