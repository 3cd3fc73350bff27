using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.DeviceTree;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform;

/// <summary>Firmware of a machine whose memory, processors and devices exist: OPAL, its messages and the device tree. Nothing is written to memory before <see cref="Install"/>.</summary>
public sealed unsafe class SystemFirmware : IProcessors
{
    private readonly PhysicalMemory memory;
    private readonly MachineDescription description;
    private readonly byte[] deviceTree;

    /// <summary>Firmware over these parts.</summary>
    /// <exception cref="OptionException">The command line does not fit into the device tree.</exception>
    public SystemFirmware(MachineDescription description, PhysicalMemory memory, IReadOnlyList<Processor> processors, FirmwareDevices devices)
    {
        this.memory = memory;
        this.description = description;
        All = processors;
        deviceTree = BuildDeviceTree(description);
        Events = new OpalEvents(devices.Interrupts, MachineDescription.OpalInterrupt);
        Rtc = new RtcCalls(devices.Uptime);
        IOpalCalls[] xive = devices.Interrupts is XiveController controller
            ? [new XiveSourceCalls(controller), new XiveQueueCalls(controller), new XiveProcessorCalls(controller), new XiveModeCalls(controller, devices.Log)]
            : [];
        Opal = new OpalFirmware(
            memory,
            devices.Log,
            [
            ..xive,
            Events,
            new ConsoleCalls(devices.Console, Events),
            new InterruptCalls(devices.Interrupts),
            Rtc,
            new PowerCalls(devices.Power),
            new ProcessorCalls(this),
            new ErrorCalls(devices.Log),
            devices.Xscom,
            ]);
    }

    /// <summary>OPAL.</summary>
    public OpalFirmware Opal { get; }

    /// <summary>Its event word.</summary>
    public OpalEvents Events { get; }

    /// <summary>Its clock.</summary>
    public RtcCalls Rtc { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Processor> All { get; }

    /// <inheritdoc/>
    public Processor? Find(ulong pir) => All.FirstOrDefault(processor => processor.Cpu.Pir == pir);

    /// <summary>The flattened device tree of a machine.</summary>
    /// <exception cref="OptionException">It is too large: the command line is.</exception>
    public static byte[] BuildDeviceTree(MachineDescription description)
    {
        byte[] tree = FdtWriter.Write(DeviceTreeBuilder.Build(description));
        if ((ulong)tree.Length > MemoryMap.DeviceTreeSize)
            throw new OptionException("--append", $"the command line has {description.CommandLine.Length} characters, too many for the device tree");
        return tree;
    }

    /// <summary>Puts firmware and device tree into memory and OPAL behind every processor.</summary>
    public void Install()
    {
        var opalMemory = new OpalMemory(memory);
        opalMemory.TryWrite32(description.Memory.OpalEntry, IFirmware.TrapWord);
        opalMemory.TryWrite(description.Memory.DeviceTree, deviceTree);
        MemoryConsole.Write(memory, description.OpalMessages, "RenodeUvmem OPAL\n");
        if (description.Ultravisor)
            MemoryConsole.Write(memory, description.UltravisorMessages, "RenodeUvmem ultravisor\n");
        Attach();
    }

    /// <summary>Puts OPAL behind every processor, on a machine whose memory already holds the rest.</summary>
    public void Attach()
    {
        foreach (Processor processor in All)
            processor.Cpu.Firmware = Opal;
    }

    /// <summary>Gives the first processor to a kernel, as OPAL does: GPR 3 the device tree, GPR 8 and 9 base and entry of OPAL (Linux head_64.S).</summary>
    /// <param name="entry">Real address of the kernel's entry.</param>
    /// <param name="tree">Real address of a device tree; null for the one that firmware built.</param>
    public void Boot(ulong entry, ulong? tree = null)
    {
        Processor boot = All[0];
        boot.Start(entry, tree ?? description.Memory.DeviceTree);
        boot.Cpu.State->Gpr[8] = description.Memory.FirmwareBase;
        boot.Cpu.State->Gpr[9] = description.Memory.OpalEntry;
    }
}
