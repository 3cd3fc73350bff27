using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>The interrupt controller that is reached by OPAL calls alone (Linux arch/powerpc/sysdev/xics/icp-opal.c). Cells: source, 1 for a level.</summary>
internal static class InterruptControllerNode
{
    public static void AddTo(FdtNode root) =>
        root.AddNode("interrupt-controller")
            .SetText("compatible", "ibm,opal-intc")
            .Set("interrupt-controller")
            .SetCells("#address-cells", 0)
            .SetCells("#interrupt-cells", 2)
            .SetCells("phandle", Phandle.InterruptController);
}
