using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.IRQControllers;
using Antmicro.Renode.Peripherals.Memory;
using Antmicro.Renode.Peripherals.UART;
using Antmicro.Renode.Utilities;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Renode.Machines;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>
/// The firmware of a PowerNV machine: gives the kernel a device tree of what is on the bus, and answers its OPAL calls. Without it the CPUs run bare-metal code.
/// Load a kernel with <c>sysbus LoadELF</c>, an initial RAM disk with <see cref="LoadInitrd"/>.
/// </summary>
public sealed class OpalFirmware : IPeripheral
{
    private readonly IMachine machine;
    private readonly OpalConsole console;
    private readonly OpalInterruptController interrupts;

    [Transient]
    private ConsolePort? port;

    [Transient]
    private PowerMachine? shared;

    [Transient]
    private SystemFirmware? firmware;

    private (ulong Address, ulong Size) initrd;

    /// <summary>Firmware with a terminal and an interrupt controller.</summary>
    /// <exception cref="ConstructionException">One of them is missing.</exception>
    public OpalFirmware(IMachine machine, OpalConsole? console = null, OpalInterruptController? interrupts = null)
    {
        this.machine = machine;
        this.console = console ?? throw new ConstructionException("OpalFirmware needs a terminal; add 'console: console' with 'console: UART.OpalConsole @ sysbus'");
        this.interrupts = interrupts ?? throw new ConstructionException("OpalFirmware needs an interrupt controller; add 'interrupts: xive' with 'xive: IRQControllers.Xive @ sysbus'");
    }

    /// <summary>Kernel command line.</summary>
    public string BootArgs { get; set; } = "console=hvc0";

    /// <summary>Real address of a device tree that was loaded (<c>sysbus LoadFdt</c>), 0 for the one that firmware builds.</summary>
    public ulong DeviceTree { get; set; }

    /// <summary>Whether the emulation pauses when the guest powers the machine off.</summary>
    public bool PauseOnPowerOff { get; set; } = true;

    /// <summary>OPAL calls answered since power-on.</summary>
    public long Calls => firmware?.Opal.Calls ?? 0;

    /// <summary>Puts an initial RAM disk high into RAM and tells the kernel of it.</summary>
    /// <exception cref="RecoverableException">It can't be read or does not fit.</exception>
    public void LoadInitrd(ReadFilePath fileName)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(fileName);
        }
        catch (IOException e)
        {
            throw new RecoverableException($"can't read {fileName}: {e.Message}");
        }

        MappedMemory memory = FirstRam();
        ulong ram = (ulong)memory.Size;
        const ulong Reserve = MemoryMap.FirmwareSize + MemoryMap.DeviceTreeSize;
        const ulong Alignment = 64 << 10;
        if (bytes.Length == 0 || ram < Reserve + (ulong)bytes.Length)
            throw new RecoverableException($"{fileName} has {bytes.Length} bytes, which do not fit into {ByteSize.Text(ram)} of RAM at address 0");
        ulong address = (ram - Reserve - (ulong)bytes.Length) & ~(Alignment - 1);
        memory.WriteBytes((long)address, bytes);
        initrd = (address, (ulong)bytes.Length);
        this.Log(LogLevel.Info, "Initial RAM disk of {0} bytes at 0x{1:X}", bytes.Length, address);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        firmware = null;
        port = null;
        shared = null;
    }

    /// <summary>What is on the bus.</summary>
    internal MachineDescription Describe(ulong ram, ulong secure, bool ultravisor, IReadOnlyList<uint> pirs) =>
        new(new MemoryMap(ram, ultravisor ? secure : 0), pirs, ultravisor, BootArgs) { Initrd = initrd, Interrupts = interrupts.Model };

    /// <summary>Puts the firmware behind the CPUs and, unless memory has it from a snapshot, into memory.</summary>
    internal void Build(PowerMachine made, MachineDescription description, bool install)
    {
        shared = made;
        port = new ConsolePort(console);
        port.Written += made.SeeConsole;
        console.Defer = made.Defer;
        var log = new PeripheralLog(this);
        var devices = new FirmwareDevices(interrupts.Build(made), port, new Xscom(log), log, OnPowerRequest, Uptime);
        firmware = new SystemFirmware(description, made.Memory, [.. made.Members.Select(member => member.Processor)], devices);
        if (install)
            firmware.Install();
        else
            firmware.Attach();
        Scom = devices.Xscom;
    }

    /// <summary>Registers of the chip, for the ultravisor.</summary>
    [Transient]
    internal Xscom? Scom;

    /// <summary>Gives the first CPU to the kernel.</summary>
    /// <exception cref="RecoverableException">There is none.</exception>
    internal void Boot(ulong? entry) =>
        firmware!.Boot(
            entry ?? throw new RecoverableException("no kernel was loaded; 'sysbus LoadELF @vmlinux' does, before the machine is started"),
            DeviceTree == 0 ? null : DeviceTree);

    /// <summary>Takes what was typed.</summary>
    internal void Poll() => port?.Poll();

    internal void Save(SnapshotWriter writer)
    {
        interrupts.Controller!.Save(writer);
        port!.Save(writer);
        firmware!.Opal.Save(writer);
    }

    internal void Load(SnapshotReader reader)
    {
        interrupts.Controller!.Load(reader);
        port!.Load(reader);
        firmware!.Opal.Load(reader);
    }

    private TimeSpan Uptime() =>
        TimeSpan.FromTicks((long)((UInt128)shared!.Members[0].Processor.Cpu.Ticks * TimeSpan.TicksPerSecond / RenodeUvmem.Power9.Execution.Cpu.TimeBaseFrequency));

    private MappedMemory FirstRam() =>
        machine.SystemBus.FindMemory(0) is { } memory
            ? memory.Peripheral
            : throw new RecoverableException("there is no RAM at address 0; add 'ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x80000000 }' to the platform description");

    private void OnPowerRequest(PowerRequest request, string text)
    {
        shared!.Halt();
        switch (request)
        {
            case PowerRequest.Reboot:
                this.Log(LogLevel.Info, "The guest asked for a reboot; 'macro reset' loads the kernel again");
                shared.Defer(machine.RequestReset);
                break;
            case PowerRequest.PowerOff:
                this.Log(LogLevel.Info, "The guest powered the machine off");
                PauseIfWanted();
                break;
            default:
                this.Log(LogLevel.Error, "The guest reported a platform error: {0}", text);
                PauseIfWanted();
                break;
        }
    }

    private void PauseIfWanted()
    {
        if (PauseOnPowerOff)
            shared!.Pause();
    }
}
