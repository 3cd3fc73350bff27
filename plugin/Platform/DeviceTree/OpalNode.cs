using System.Numerics;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>/ibm,opal: where firmware is entered, and what it offers.</summary>
internal static class OpalNode
{
    public const string ConsolePath = "/ibm,opal/consoles/serial@0";

    // The kernel polls OPAL events that often even if no interrupt tells it to; its poller thread exists only if this is given.
    private const uint HeartbeatMilliseconds = 2000;

    // sizeof(struct opal_msg) (Linux opal-api.h).
    private const uint MessageSize = 72;
    private const uint AsyncTokens = 8;

    // Second cell of an interrupt: an edge.
    private const uint Edge = 0;

    public static void AddTo(FdtNode root, MachineDescription machine)
    {
        FdtNode opal = root.AddNode("ibm,opal")
            .SetText("compatible", "ibm,opal-v2", "ibm,opal-v3")
            .SetCells("#address-cells", 0)
            .SetCells("#size-cells", 0)
            .SetTwoCells("opal-base-address", machine.Memory.FirmwareBase)
            .SetTwoCells("opal-entry-address", machine.Memory.OpalEntry)
            .SetTwoCells("opal-runtime-size", MemoryMap.FirmwareSize)
            .SetTwoCells("ibm,opal-memcons", machine.OpalMessages)
            .SetCells("opal-msg-async-num", AsyncTokens)
            .SetCells("opal-msg-size", MessageSize)
            .SetCells("ibm,heartbeat-ms", HeartbeatMilliseconds)
            .SetCells("interrupt-parent", Phandle.InterruptController)
            .SetCells("interrupts", MachineDescription.OpalInterrupt, Edge);
        opal.AddNode("firmware")
            .SetText("compatible", "ibm,opal-firmware")
            .SetText("version", "RenodeUvmem");
        opal.AddNode("event")
            .SetText("compatible", "ibm,opal-event")
            .Set("interrupt-controller")
            .SetCells("#interrupt-cells", 1)
            .SetCells("phandle", Phandle.OpalEvents);
        opal.AddNode("consoles")
            .SetCells("#address-cells", 1)
            .SetCells("#size-cells", 0)
            .AddNode("serial@0")
            .SetText("compatible", "ibm,opal-console-raw")
            .SetText("device_type", "serial")
            .SetText("status", "okay")
            .SetCells("reg", ConsoleCalls.Terminal)
            .SetCells("#write-buffer-size", ConsoleCalls.BufferSpace)
            .SetCells("interrupt-parent", Phandle.OpalEvents)
            .SetCells("interrupts", (uint)BitOperations.Log2((ulong)OpalEvent.ConsoleInput));
        opal.AddNode("rtc").SetText("compatible", "ibm,opal-rtc");
        IdleStates.AddTo(opal);
        SecurityFeatures.AddTo(opal);
    }
}
