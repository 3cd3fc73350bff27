using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.DeviceTree;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform;

/// <summary>
/// A POWER9 machine: memory, processors, firmware, console, and an ultravisor if wanted. Single-threaded and deterministic:
/// the same options and the same input at the same instruction give the same run. Split by concern over the Machine.*.cs files.
/// </summary>
public sealed unsafe partial class Machine : IProcessors, IDisposable
{
    private readonly Processor[] processors;
    private readonly IMachineLog log;
    private readonly Xscom xscom;

    /// <summary>Builds a machine and loads its images; the boot processor stands at the kernel's entry.</summary>
    /// <exception cref="OptionException">An option can't be met. Nothing was kept.</exception>
    public Machine(MachineOptions options, IConsole console, IMachineLog log)
    {
        this.log = log;
        xscom = new Xscom(log);
        if (options.Processors is < 1 or > MachineDescription.MaximumProcessors)
            throw new OptionException("--cpus", $"{options.Processors} is not possible, expected 1 to {MachineDescription.MaximumProcessors}");
        if (options.SecureMemory != 0 && !options.Ultravisor)
            throw new OptionException("--secure-memory", "there is no secure memory without --ultravisor; add it or leave this out");
        var map = new MemoryMap(options.Memory, options.SecureMemory);
        using InputFile kernelFile = InputFile.Open("--kernel", options.Kernel);
        var kernel = ElfImage.Read(kernelFile);
        ulong kernelEnd = Loader.CheckKernel(kernelFile, kernel, map);
        using InputFile? initrdFile = options.Initrd is null ? null : InputFile.Open("--initrd", options.Initrd);
        Description = new MachineDescription(map, options.Processors, options.Ultravisor, options.CommandLine)
        {
            Initrd = initrdFile is null ? default : (Loader.PlaceInitrd(initrdFile, kernelEnd, map), initrdFile.Length),
        };
        byte[] deviceTree = FdtWriter.Write(DeviceTreeBuilder.Build(Description));
        if ((ulong)deviceTree.Length > MemoryMap.DeviceTreeSize)
            throw new OptionException("--append", $"the command line has {options.CommandLine.Length} characters, too many for the device tree");

        Memory = new PhysicalMemory();
        processors = [];
        try
        {
            AddRam("--memory", 0, map.RamSize, secure: false);
            if (map.SecureSize != 0)
                AddRam("--secure-memory", MemoryMap.SecureBase, map.SecureSize, secure: true);
            Loader.Load(kernelFile, kernel, Memory);
            if (initrdFile is not null)
                Loader.Copy(initrdFile, 0, initrdFile.Length, Description.Initrd.Address, Memory);
            Memory.CopyIn(map.DeviceTree, deviceTree);

            Console = new ConsolePort(console);
            ConsoleLines = new ConsoleLines();
            Console.Written += ConsoleLines.Add;
            var group = new CpuGroup();
            processors = [.. Description.Pirs.Select(pir => new Processor(new Cpu(Memory, pir, group)))];
            Firmware = BuildFirmware();
            InstallFirmware();
            if (options.Ultravisor)
                AddUltravisor(options.UltravisorOptions);
            Processor boot = processors[0];
            boot.Start(kernel.RealEntry, map.DeviceTree);
            boot.Cpu.State->Gpr[8] = map.FirmwareBase;
            boot.Cpu.State->Gpr[9] = map.OpalEntry;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the machine consists of.</summary>
    public MachineDescription Description { get; }

    /// <summary>Real memory.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>OPAL.</summary>
    public OpalFirmware Firmware { get; }

    /// <summary>The console.</summary>
    public ConsolePort Console { get; }

    /// <summary>Console output by lines.</summary>
    public ConsoleLines ConsoleLines { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Processor> All => processors;

    /// <inheritdoc/>
    public Processor? Find(ulong pir) => Array.Find(processors, processor => processor.Cpu.Pir == pir);

    /// <inheritdoc/>
    public void Dispose()
    {
        Ultravisor?.Dispose();
        foreach (Processor processor in processors)
            processor.Cpu.Dispose();
        Memory.Dispose();
    }

    private void AddRam(string option, ulong address, ulong size, bool secure)
    {
        try
        {
            Memory.AddRam(address, size, secure);
        }
        catch (OutOfMemoryException)
        {
            throw new OptionException(option, $"this host can't give {ByteSize.Text(size)}; ask for less");
        }
    }

    private OpalFirmware BuildFirmware()
    {
        var interrupts = new Xics();
        foreach (Processor processor in processors)
            interrupts.AddServer(processor.Cpu.Pir, processor.Cpu.SetExternalInput);
        var events = new OpalEvents(interrupts, MachineDescription.OpalInterrupt);
        return new OpalFirmware(
            Memory,
            log,
            events,
            new ConsoleCalls(Console, events),
            new InterruptCalls(interrupts),
            new RtcCalls(() => Uptime),
            new PowerCalls(OnPowerRequest),
            new ProcessorCalls(this),
            new ErrorCalls(log),
            xscom);
    }

    private void InstallFirmware()
    {
        var memory = new OpalMemory(Memory);
        memory.TryWrite32(Description.Memory.OpalEntry, IFirmware.TrapWord);
        MemoryConsole.Write(Memory, Description.OpalMessages, "RenodeUvmem OPAL\n");
        if (Description.Ultravisor)
            MemoryConsole.Write(Memory, Description.UltravisorMessages, "RenodeUvmem ultravisor\n");
        foreach (Processor processor in processors)
            processor.Cpu.Firmware = Firmware;
    }
}
