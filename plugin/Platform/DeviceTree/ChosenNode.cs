using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>/chosen: what the loader tells the kernel.</summary>
internal static class ChosenNode
{
    public static void AddTo(FdtNode root, MachineDescription machine)
    {
        FdtNode chosen = root.AddNode("chosen")
            .SetText("bootargs", machine.CommandLine)
            .SetText("stdout-path", OpalNode.ConsolePath)
            .SetText("linux,stdout-path", OpalNode.ConsolePath);
        (ulong address, ulong size) = machine.Initrd;
        if (size != 0)
            chosen.SetTwoCells("linux,initrd-start", address).SetTwoCells("linux,initrd-end", address + size);
    }
}
