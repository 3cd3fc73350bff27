using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What a run writes about its ultravisor: --log-ucalls, --trace, and the numbers of the summary.</summary>
internal sealed class UltravisorReports : IDisposable
{
    private readonly Machine machine;
    private readonly Stream? traceFile;
    private readonly List<IUltravisorEvents> takers = [];
    private bool disposed;

    /// <summary>Opens the files.</summary>
    /// <exception cref="OptionException">One can't be written, or the machine has no ultravisor to report on.</exception>
    public UltravisorReports(Machine machine, PageCensus census, BootOptions options, OutputFiles files)
    {
        this.machine = machine;
        Census = census;
        takers.Add(Census);
        if (options.LogUcalls)
            takers.Add(new EventLog(options.LogUcallsFile is null ? Console.Error : new StreamWriter(files.Create("--log-ucalls", options.LogUcallsFile))));
        if (options.Trace is not null)
            traceFile = files.Create("--trace", options.Trace);
    }

    public PageCensus Census { get; }

    /// <summary>All files are open: begin to write.</summary>
    public void Start()
    {
        if (traceFile is not null)
            takers.Add(new EventTrace(traceFile, machine, Census));
        if (machine.Ultravisor is not null)
            machine.Ultravisor.Events = new EventFan(takers);
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        foreach (IUltravisorEvents taker in takers)
            (taker as IDisposable)?.Dispose();
    }
}
