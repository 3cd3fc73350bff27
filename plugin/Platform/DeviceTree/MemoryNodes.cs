using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>/memory@0: normal RAM only. Secure memory is not for Linux to add, see <see cref="UltravisorNodes"/>.</summary>
internal static class MemoryNodes
{
    private const uint ChipId = 0;

    public static void AddTo(FdtNode root, MachineDescription machine) =>
        root.AddNode("memory@0")
            .SetText("device_type", "memory")
            .SetTwoCells("reg", 0, machine.Memory.RamSize)
            .SetCells("ibm,chip-id", ChipId);
}
