using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>The flattened device tree of a machine, as Linux's powernv platform reads it. Each part of the tree has a class of its own.</summary>
public static class DeviceTreeBuilder
{
    /// <summary>Builds the tree.</summary>
    public static FdtTree Build(MachineDescription machine)
    {
        var tree = new FdtTree { BootCpu = machine.Pirs[0] };
        FdtNode root = tree.Root;
        root.SetText("compatible", "ibm,powernv", "ibm,p9-openbmc")
            .SetText("model", "RenodeUvmem POWER9")
            .SetCells("#address-cells", 2)
            .SetCells("#size-cells", 2)
            .SetCells("interrupt-parent", Phandle.InterruptController);
        ChosenNode.AddTo(root, machine);
        ProcessorNodes.AddTo(root, machine);
        MemoryNodes.AddTo(root, machine);
        if (machine.Interrupts == InterruptModel.Xive)
            XiveNodes.AddTo(root);
        else
            InterruptControllerNode.AddTo(root);
        OpalNode.AddTo(root, machine);
        if (machine.Ultravisor)
            UltravisorNodes.AddTo(root, machine);
        machine.EditDeviceTree?.Invoke(root);
        tree.Reservations.Add(new FdtReservation(machine.Memory.FirmwareBase, MemoryMap.FirmwareSize));
        return tree;
    }
}

/// <summary>Numbers by which nodes refer to each other.</summary>
internal static class Phandle
{
    public const uint InterruptController = 1;
    public const uint OpalEvents = 2;
}
