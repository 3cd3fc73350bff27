using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Boot;

/// <summary>Kernel and initrd as files, checked against the machine that they are for; nothing is in memory yet.</summary>
internal sealed class BootImages : IDisposable
{
    private readonly InputFile kernelFile;
    private readonly InputFile? initrdFile;
    private readonly ElfImage kernel;

    private BootImages(InputFile kernelFile, InputFile? initrdFile, ElfImage kernel, MachineDescription description)
    {
        this.kernelFile = kernelFile;
        this.initrdFile = initrdFile;
        this.kernel = kernel;
        Description = description;
    }

    /// <summary>The machine they are for.</summary>
    public MachineDescription Description { get; }

    /// <summary>Real address of the kernel's entry.</summary>
    public ulong Entry => kernel.RealEntry;

    /// <summary>Opens the files and lays the machine out.</summary>
    /// <exception cref="OptionException">An option can't be met.</exception>
    public static BootImages Open(MachineOptions options)
    {
        if (options.Processors is < 1 or > MachineDescription.MaximumProcessors)
            throw new OptionException("--cpus", $"{options.Processors} is not possible, expected 1 to {MachineDescription.MaximumProcessors}");
        if (options.SecureMemory != 0 && !options.Ultravisor)
            throw new OptionException("--secure-memory", "there is no secure memory without --ultravisor; add it or leave this out");
        var map = new MemoryMap(options.Memory, options.SecureMemory);
        InputFile kernelFile = InputFile.Open("--kernel", options.Kernel);
        InputFile? initrdFile = null;
        try
        {
            var kernel = ElfImage.Read(kernelFile);
            ulong kernelEnd = Loader.CheckKernel(kernelFile, kernel, map);
            initrdFile = options.Initrd is null ? null : InputFile.Open("--initrd", options.Initrd);
            var description = new MachineDescription(map, MachineDescription.ConsecutiveCores(options.Processors), options.Ultravisor, options.CommandLine)
            {
                Interrupts = options.Interrupts,
                EditDeviceTree = options.EditDeviceTree,
                Initrd = initrdFile is null ? default : (Loader.PlaceInitrd(initrdFile, kernelEnd, map), initrdFile.Length),
            };
            return new BootImages(kernelFile, initrdFile, kernel, description);
        }
        catch
        {
            kernelFile.Dispose();
            initrdFile?.Dispose();
            throw;
        }
    }

    /// <summary>Copies them into memory.</summary>
    public void Load(PhysicalMemory memory)
    {
        Loader.Load(kernelFile, kernel, memory);
        if (initrdFile is not null)
            Loader.Copy(initrdFile, 0, initrdFile.Length, Description.Initrd.Address, memory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kernelFile.Dispose();
        initrdFile?.Dispose();
    }
}
