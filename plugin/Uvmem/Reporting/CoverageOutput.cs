using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>--coverage: what ran of the kernel, in a file.</summary>
internal sealed class CoverageOutput : IDisposable
{
    private const string Option = "--coverage";

    private readonly Stream? file;
    private readonly MachineCoverage? coverage;

    /// <summary>Opens the file, if one is wanted, and begins to record.</summary>
    public CoverageOutput(Machine machine, string? path, OutputFiles files)
    {
        if (path is null)
            return;
        coverage = new MachineCoverage(machine, KernelCode.Read(Option, machine.Kernel));
        file = files.Create(Option, path);
    }

    /// <summary>Writes what ran.</summary>
    public void Write()
    {
        if (coverage is not null)
            CoverageFile.Write(file!, coverage.Data);
    }

    public void Dispose() => coverage?.Dispose();
}
