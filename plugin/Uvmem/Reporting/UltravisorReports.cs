using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Recording;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What a run writes about its ultravisor: --log-ucalls, --trace, --events, --report, and the numbers of the summary.</summary>
internal sealed class UltravisorReports : IDisposable
{
    private readonly Machine machine;
    private readonly Stream? traceFile;
    private readonly Stream? recordFile;
    private readonly Stream? reportFile;
    private readonly string title = "";
    private readonly ISymbols symbols;
    private readonly TextWriter? log;
    private EventTrace? trace;
    private MemoryStream? record;
    private RunRecorder? recorder;
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
        if (options.EventsFile is not null)
            recordFile = files.Create("--events", options.EventsFile);
        if (options.Report is not null)
            (reportFile, title) = (files.Create("--report", options.Report), Path.GetFileNameWithoutExtension(options.Report));
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

        if (recordFile is not null || reportFile is not null)
            StartRecord(ultravisor);
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        trace?.Dispose();
        log?.Flush();
        FinishRecord();
    }

    // A report has the record inside, so it is kept in memory, compressed, until the end.
    private void StartRecord(UltravisorModel ultravisor)
    {
        record = new MemoryStream();
        ultravisor.Events.Add(recorder = new RunRecorder(record, ultravisor, symbols));
        foreach (Processor processor in machine.All)
            recorder.Watch(processor.Cpu);
    }

    private void FinishRecord()
    {
        if (recorder is null)
            return;
        recorder.Dispose();
        byte[] bytes = record!.ToArray();
        recordFile?.Write(bytes);
        reportFile?.Write(HtmlReport.Make(bytes, title));
    }
}
