using System.Globalization;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>
/// XIVE's two nodes. The presentation controller: the pages of the thread management area, and what OPAL_XIVE_* can do (Linux arch/powerpc/sysdev/xive/native.c, xive_native_init);
/// its second name lets a kernel without that driver do with OPAL calls. The virtualization controller is where sources belong to. Cells: source, 1 for a level.
/// No page is asked for: "ibm,xive-provision-page-size" is not there.
/// </summary>
internal static class XiveNodes
{
    // log2 of bytes; those that OPAL_XIVE_SET_QUEUE_INFO takes.
    private static readonly uint[] EventQueueSizes = [12, 16, 21, 24];

    public static void AddTo(FdtNode root)
    {
        var pages = new List<uint>();
        for (TimaPage page = TimaPage.Hardware; page <= TimaPage.User; page++)
        {
            AddTwoCells(pages, XiveMap.Tima + (ulong)page * XiveMap.PageSize);
            AddTwoCells(pages, XiveMap.PageSize);
        }

        root.AddNode(string.Create(CultureInfo.InvariantCulture, $"interrupt-controller@{XiveMap.Tima:x}"))
            .SetText("compatible", "ibm,opal-xive-pe", "ibm,opal-intc")
            .SetCells("reg", [.. pages])
            .SetCells("ibm,xive-eq-sizes", EventQueueSizes)
            .SetCells("ibm,xive-#priorities", XiveMap.Priorities)
            .Set("single-escalation-support");
        root.AddNode("interrupt-controller@0")
            .SetText("compatible", "ibm,opal-xive-vc", "IBM,opal-xics")
            .SetText("device_type", "PowerPC-Interrupt-Source-Controller")
            .SetCells("reg", 0, 0, 0, 0)
            .Set("interrupt-controller")
            .SetCells("#address-cells", 0)
            .SetCells("#interrupt-cells", 2)
            .SetCells("phandle", Phandle.InterruptController);
    }

    private static void AddTwoCells(List<uint> cells, ulong value)
    {
        cells.Add((uint)(value >> 32));
        cells.Add((uint)value);
    }
}
