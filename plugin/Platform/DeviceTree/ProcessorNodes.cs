using System.Globalization;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>/cpus. Linux takes features from its table by PVR and corrects them by ibm,pa-features (arch/powerpc/kernel/prom.c).</summary>
internal static class ProcessorNodes
{
    private const uint Pvr = 0x004E1203;
    private const uint ChipId = 0;
    private const uint CacheBlock = 128;

    // ibm,processor-radix-AP-encodings: AP value of tlbie in bits 0:2, page shift below (ISA 3.0B Book III 5.10.1, table of AP values).
    private static readonly uint[] RadixPageSizes = [Ap(0, 12), Ap(5, 16), Ap(1, 21), Ap(2, 30)];

    // Base page shift, SLBE[L|LP], number of pairs; page shift, HPTE encoding: only hash guests would use them.
    private static readonly uint[] SegmentPageSizes =
    [
        12, 0x000, 3, 12, 0x0, 16, 0x7, 24, 0x38,
        16, 0x110, 2, 16, 0x1, 24, 0x8,
        24, 0x100, 1, 24, 0x0,
        34, 0x120, 1, 34, 0x3,
    ];

    public static void AddTo(FdtNode root, MachineDescription machine)
    {
        FdtNode cpus = root.AddNode("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        foreach (uint pir in machine.Pirs)
            AddProcessor(cpus, pir);
    }

    private static void AddProcessor(FdtNode cpus, uint pir)
    {
        cpus.AddNode(string.Create(CultureInfo.InvariantCulture, $"PowerPC,POWER9@{pir:x}"))
            .SetText("device_type", "cpu")
            .SetText("status", "okay")
            .SetCells("reg", pir)
            .SetCells("ibm,pir", pir)
            .SetCells("ibm,chip-id", ChipId)
            .SetCells("ibm,ppc-interrupt-server#s", pir)
            .SetCells("cpu-version", Pvr)
            .Set("64-bit")
            .Set("32-64-bridge")
            .Set("general-purpose")
            .SetCells("ibm,processor-radix-AP-encodings", RadixPageSizes)
            .SetCells("ibm,processor-segment-sizes", 28, 40, uint.MaxValue, uint.MaxValue)
            .SetCells("ibm,processor-page-sizes", 12, 16, 24, 34)
            .SetCells("ibm,segment-page-sizes", SegmentPageSizes)
            .SetCells("ibm,slb-size", 32)
            .SetCells("ibm,mmu-pid-bits", 20)
            .SetCells("ibm,mmu-lpid-bits", 12)
            .Set("ibm,pa-features", ProcessorFeatures.Attribute())
            .SetCells("ibm,vmx", 2)
            .SetCells("ibm,dfp", 1)
            .SetCells("ibm,purr", 1)
            .SetCells("ibm,spurr", 1)
            .SetCells("ibm,dec-bits", Cpu.LargeDecrementerBits)
            .SetCells("timebase-frequency", (uint)Cpu.TimeBaseFrequency)
            .SetTwoCells("ibm,extended-timebase-frequency", Cpu.TimeBaseFrequency)
            .SetCells("clock-frequency", (uint)Cpu.TimeBaseFrequency)
            .SetTwoCells("ibm,extended-clock-frequency", Cpu.TimeBaseFrequency)
            .SetCells("reservation-granule-size", CacheBlock)
            .SetCells("d-cache-size", 32 * 1024)
            .SetCells("d-cache-sets", 8)
            .SetCells("d-cache-block-size", CacheBlock)
            .SetCells("d-cache-line-size", CacheBlock)
            .SetCells("i-cache-size", 32 * 1024)
            .SetCells("i-cache-sets", 8)
            .SetCells("i-cache-block-size", CacheBlock)
            .SetCells("i-cache-line-size", CacheBlock);
    }

    private static uint Ap(uint ap, uint shift) => (ap << 29) | shift;
}
