using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Ultravisor;

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
        : this(BootImages.Open(options), options, console, log)
    {
    }

    private Machine(BootImages images, MachineOptions options, IConsole console, IMachineLog log)
        : this(images.Description, options.UltravisorOptions, console, log)
    {
        using (images)
        {
            try
            {
                images.Load(Memory);
                Firmware.Install();
                Firmware.Boot(images.Entry);
                Kernel = Path.GetFullPath(options.Kernel);
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    // All parts, with nothing in memory and no processor started.
    private Machine(MachineDescription description, UltravisorOptions ultravisorOptions, IConsole console, IMachineLog log)
    {
        Description = description;
        xscom = new Xscom(log);
        Memory = new PhysicalMemory();
        processors = [];
        try
        {
            AddRam("--memory", 0, description.Memory.RamSize, secure: false);
            if (description.Memory.SecureSize != 0)
                AddRam("--secure-memory", MemoryMap.SecureBase, description.Memory.SecureSize, secure: true);
            Console = new ConsolePort(console);
            ConsoleLines = new ConsoleLines();
            Console.Written += ConsoleLines.Add;
            Script = new ConsoleScript(Console, ConsoleLines);
            var group = new CpuGroup();
            processors = [.. Description.Pirs.Select(pir => new Processor(new Cpu(Memory, pir, group)))];
            Interrupts = description.Interrupts == InterruptModel.Xive ? new XiveController(Memory, log) : new Xics();
            foreach (Processor processor in processors)
                Interrupts.AddServer(processor.Cpu.Pir, processor.Cpu.SetExternalInput, processor.Cpu.SetOsInput);
            Firmware = new SystemFirmware(Description, Memory, processors, new FirmwareDevices(Interrupts, Console, xscom, log, OnPowerRequest, () => Uptime));
            if (description.Ultravisor)
                AddUltravisor(ultravisorOptions);
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
    public IInterruptController Interrupts { get; }

    /// <summary>The console.</summary>
    public ConsolePort Console { get; }

    /// <summary>Console output by lines.</summary>
    public ConsoleLines ConsoleLines { get; }

    /// <summary>All processors.</summary>
    public IReadOnlyList<Processor> All => processors;

    /// <summary>Input that is typed after texts on the console.</summary>
    public ConsoleScript Script { get; }

    /// <summary>Gates and overrides, or null: nothing is looked at then.</summary>
    public ProbeSet? Probes { get; private set; }

    /// <summary>Counts of bytes in bounce buffers, or null: nothing is counted then.</summary>
    public BounceMeter? Bounces { get; private set; }

    /// <summary>The second tier of the processors, or null: all is interpreted.</summary>
    public Translator? Translator { get; private set; }

    /// <summary>Path of the kernel that was booted.</summary>
    public string Kernel { get; private set; } = "";

    /// <summary>Makes <see cref="Probes"/>, none yet.</summary>
    /// <param name="symbols">The hypervisor's functions.</param>
    public ProbeSet UseProbes(SymbolTable symbols)
    {
        if (Probes is null)
        {
            Probes = new ProbeSet([.. processors.Select(processor => processor.Cpu)], symbols, Ultravisor);
            ConsoleLines.Completed += Probes.SeeLine;
        }

        return Probes;
    }

    /// <summary>Makes <see cref="Bounces"/>.</summary>
    /// <param name="guest">Functions of the guests' kernel.</param>
    /// <exception cref="RequestException">It has no swiotlb_bounce.</exception>
    public void CountBounces(SymbolTable guest) => Bounces ??= new BounceMeter([.. processors.Select(processor => processor.Cpu)], guest);

    /// <summary>Hot code is translated from now on, see <see cref="Translator"/>. The run is the same as without.</summary>
    /// <param name="hotness">When code is hot; the usual if null.</param>
    /// <param name="portable">Whether the runtime's compiler is used even where there is a code generator for the host.</param>
    public void Translate(Hotness? hotness = null, bool portable = false)
    {
        Translator ??= new Translator(Memory, hotness, portable);
        foreach (Processor processor in processors)
            processor.Cpu.Translator = Translator;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Translator?.Dispose();
        hostThreads?.Dispose();
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
