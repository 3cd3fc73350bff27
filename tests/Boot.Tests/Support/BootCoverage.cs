using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>What boots run of the kernel, in one file each in the folder that UVMEM_COVERAGE names; scripts/coverage.sh sets it. Without it nothing is recorded.</summary>
internal sealed class BootCoverage : IDisposable
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("UVMEM_COVERAGE");

    private readonly MachineCoverage? recorded;
    private readonly string name;

    /// <summary>Begins to record.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">Name of the boot.</param>
    public BootCoverage(Machine machine, string name)
    {
        this.name = name;
        if (!string.IsNullOrEmpty(Folder))
            recorded = new MachineCoverage(machine, KernelCode.Read("UVMEM_COVERAGE", machine.Kernel));
    }

    /// <summary>Writes the file.</summary>
    public void Dispose()
    {
        if (recorded is null)
            return;
        Directory.CreateDirectory(Folder!);
        using (FileStream file = File.Create(Path.Combine(Folder!, name + ".cov")))
            CoverageFile.Write(file, recorded.Data);
        recorded.Dispose();
    }
}
