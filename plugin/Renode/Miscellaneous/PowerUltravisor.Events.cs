using Antmicro.Migrant;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Utilities;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Events;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>The log of calls, a trace for a viewer, and names for guests' addresses in both.</summary>
public sealed partial class PowerUltravisor
{
    [Transient]
    private EventTrace? trace;

    [Transient]
    private FileStream? traceFile;

    private string guestSymbols = "";

    [Transient]
    private UcallLog? log;

    private bool logging;

    /// <summary>Whether each ultracall, reverse hypercall and page state is an entry of this peripheral's log, level Info. A guest that goes secure has thousands.</summary>
    public bool UcallLog
    {
        get => logging;
        set
        {
            logging = value;
            Between(ApplyLogging);
        }
    }

    /// <summary>Writes events from now on to a file that chrome://tracing and Perfetto open. <see cref="EndTrace"/> completes it.</summary>
    /// <exception cref="RecoverableException">The file can't be written, or the machine was not started.</exception>
    public void Trace(WriteFilePath fileName)
    {
        EndTrace();
        if (model is null)
            throw new RecoverableException("the machine was not started yet; 'start', then 'uv Trace'");
        try
        {
            traceFile = File.Create(fileName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecoverableException($"can't write {fileName}: {e.Message}");
        }

        Between(uv =>
        {
            trace = new EventTrace(traceFile, uv, shared!.Symbols);
            uv.Events.Add(trace);
        });
    }

    /// <summary>Completes the file of <see cref="Trace"/>.</summary>
    public void EndTrace()
    {
        if (trace is null)
            return;
        Between(uv => uv.Events.Remove(trace));
        trace.Dispose();
        traceFile!.Dispose();
        trace = null;
    }

    /// <summary>Names the addresses of guests, from the System.map of their kernel. The hypervisor's names come with <c>sysbus LoadELF</c>.</summary>
    /// <exception cref="RecoverableException">The file can't be read or is no System.map.</exception>
    public void LoadGuestSymbols(ReadFilePath fileName)
    {
        string before = guestSymbols;
        guestSymbols = Path.GetFullPath(fileName);
        try
        {
            LoadGuestSymbols();
        }
        catch (OptionException e)
        {
            guestSymbols = before;
            throw new RecoverableException(e.Message);
        }
    }

    private void ApplyLogging(UltravisorModel uv)
    {
        if (log is not null)
            uv.Events.Remove(log);
        log = logging ? new UcallLog(line => this.Log(LogLevel.Info, "{0}", line), shared!.Symbols) : null;
        if (log is not null)
            uv.Events.Add(log);
    }

    private void LoadGuestSymbols()
    {
        if (guestSymbols.Length != 0 && shared is not null)
            shared.Symbols.Guest = SymbolTable.OfSystemMap("LoadGuestSymbols", guestSymbols);
    }
}
