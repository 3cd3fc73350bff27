using System.Globalization;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>
/// Nodes that tell Linux of an ultravisor (arch/powerpc/platforms/powernv/ultravisor.c) and of secure memory (arch/powerpc/kvm/book3s_hv_uvmem.c).
/// </summary>
internal static class UltravisorNodes
{
    private const uint ChipId = 0;

    public static void AddTo(FdtNode root, MachineDescription machine)
    {
        FdtNode ultravisor = root.AddNode("ibm,ultravisor")
            .SetText("compatible", "ibm,ultravisor")
            .SetCells("#address-cells", 2)
            .SetCells("#size-cells", 2);
        FdtNode firmware = ultravisor.AddNode("firmware")
            .SetText("compatible", "ibm,uv-firmware")
            .SetTwoCells("memcons", machine.UltravisorMessages);
        ulong size = machine.Memory.SecureSize;
        if (size == 0)
            return;
        firmware.SetTwoCells("secure-memory-ranges", MemoryMap.SecureBase, size);

        // Not device_type "memory": Linux must not take it for RAM.
        root.AddNode(string.Create(CultureInfo.InvariantCulture, $"secure-memory@{MemoryMap.SecureBase:x}"))
            .SetText("device_type", "secure-memory")
            .SetText("compatible", "ibm,secure-memory")
            .SetTwoCells("reg", MemoryMap.SecureBase, size)
            .SetCells("ibm,chip-id", ChipId)
            .SetCells("ibm,associativity", 4, 0, 0, 0, ChipId);
    }
}
