using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What a run writes about its ultravisor: --log-ucalls, --trace, and the numbers of the summary.</summary>
internal sealed class UltravisorReports : IDisposable
{
    private readonly Machine machine;
    private readonly Stream? traceFile;
    private readonly ISymbols symbols;
    private readonly TextWriter? log;
    private EventTrace? trace;
    private bool disposed;

    /// <summary>Opens the files.</summary>
    public UltravisorReports(Machine machine, PageCensus census, BootOptions options, OutputFiles files, ISymbols symbols)
    {
        this.machine = machine;
        this.symbols = symbols;
        Census = census;
        if (options.LogUcalls)
            log = options.LogUcallsFile is null ? Console.Error : new StreamWriter(files.Create("--log-ucalls", options.LogUcallsFile));
        if (options.Trace is not null)
            traceFile = files.Create("--trace", options.Trace);
    }

    public PageCensus Census { get; }

    /// <summary>All files are open: begin to write.</summary>
    public void Start()
    {
        if (machine.Ultravisor is not { } ultravisor)
            return;
        ultravisor.Events.Add(Census);
        if (log is not null)
            ultravisor.Events.Add(new UcallLog(log.WriteLine, symbols));
        if (traceFile is not null)
        {
            ultravisor.Events.Add(trace = new EventTrace(traceFile, ultravisor, symbols));
            foreach (Processor processor in machine.All)
                trace.Watch(processor.Cpu);
        }
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        trace?.Dispose();
        log?.Flush();
    }
}
