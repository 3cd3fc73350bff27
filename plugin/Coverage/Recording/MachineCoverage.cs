using RenodeUvmem.Platform;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Recording;

/// <summary>Records what a machine runs of its kernel, from now until it is disposed of.</summary>
public sealed class MachineCoverage : IDisposable
{
    private readonly Machine machine;
    private readonly KernelCode code;
    private readonly CoverageRecorder recorder;

    /// <summary>Begins. The run is the same as without, instruction by instruction.</summary>
    public MachineCoverage(Machine machine, KernelCode code)
    {
        this.machine = machine;
        this.code = code;
        recorder = new CoverageRecorder(code.Start, code.Bytes);
        foreach (Processor processor in machine.All)
            processor.Cpu.Coverage = recorder;
    }

    /// <summary>What ran so far.</summary>
    public CoverageData Data => CoverageData.Of(code, recorder);

    /// <summary>Stops recording.</summary>
    public void Dispose()
    {
        foreach (Processor processor in machine.All)
            processor.Cpu.Coverage = null;
        recorder.Dispose();
    }
}
