using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform;

/// <summary>
/// A POWER9 machine: memory, processors, firmware, console, and an ultravisor if wanted. Single-threaded and deterministic:
/// the same options and the same input at the same instruction give the same run. Split by concern over the Machine.*.cs files.
/// </summary>
public sealed unsafe partial class Machine : IDisposable
{
    private readonly Processor[] processors;
    private readonly Xscom xscom;

    /// <summary>Builds a machine and loads its images; the boot processor stands at the kernel's entry.</summary>
    /// <exception cref="OptionException">An option can't be met. Nothing was kept.</exception>
    public Machine(MachineOptions options, IConsole console, IMachineLog log)
    {
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
        Description = new MachineDescription(map, MachineDescription.ConsecutiveCores(options.Processors), options.Ultravisor, options.CommandLine)
        {
            Initrd = initrdFile is null ? default : (Loader.PlaceInitrd(initrdFile, kernelEnd, map), initrdFile.Length),
        };
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

            Console = new ConsolePort(console);
            ConsoleLines = new ConsoleLines();
            Console.Written += ConsoleLines.Add;
            var group = new CpuGroup();
            processors = [.. Description.Pirs.Select(pir => new Processor(new Cpu(Memory, pir, group)))];
            Interrupts = new Xics();
            foreach (Processor processor in processors)
                Interrupts.AddServer(processor.Cpu.Pir, processor.Cpu.SetExternalInput);
            Firmware = new SystemFirmware(Description, Memory, processors, new FirmwareDevices(Interrupts, Console, xscom, log, OnPowerRequest, () => Uptime));
            Firmware.Install();
            if (options.Ultravisor)
                AddUltravisor(options.UltravisorOptions);
            Firmware.Boot(kernel.RealEntry);
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

    /// <summary>OPAL and what it brings.</summary>
    public SystemFirmware Firmware { get; }

    /// <summary>The interrupt controller.</summary>
    public Xics Interrupts { get; }

    /// <summary>The console.</summary>
    public ConsolePort Console { get; }

    /// <summary>Console output by lines.</summary>
    public ConsoleLines ConsoleLines { get; }

    /// <summary>All processors.</summary>
    public IReadOnlyList<Processor> All => processors;

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
}
