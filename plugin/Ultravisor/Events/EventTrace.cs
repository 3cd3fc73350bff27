using System.Text.Json;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>
/// Events in the JSON format of Chrome's trace viewer, which Perfetto opens too. A process is a partition, a thread a CPU, time is guest time.
/// Calls to the hypervisor are spans, everything else is a moment; page states are counters. May begin at any time; <see cref="Dispose"/> completes it.
/// </summary>
public sealed class EventTrace : IUltravisorEvents, IDisposable
{
    private const double TicksPerMicrosecond = Cpu.TimeBaseFrequency / 1e6;

    // The writer keeps what it was given until told to pass it on.
    private const int FlushAt = 1 << 16;

    private readonly Utf8JsonWriter json;
    private readonly PageCensus census;
    private readonly ISymbols? symbols;

    /// <summary>Begins a trace.</summary>
    /// <param name="stream">Where to; stays the caller's.</param>
    /// <param name="model">Whose events will come.</param>
    /// <param name="symbols">Names the functions that make ultracalls, or null.</param>
    public EventTrace(Stream stream, UltravisorModel model, ISymbols? symbols = null)
    {
        this.symbols = symbols;
        census = new PageCensus(model);
        json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartArray("traceEvents");
    }

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        census.Record(happened);
        (string phase, string name) = happened.Kind switch
        {
            UvEventKind.ReverseCall or UvEventKind.Reflection => ("B", CallName.Of((HCall)happened.Number)),
            UvEventKind.ReverseResult => ("E", CallName.Of((HCall)happened.Number)),
            UvEventKind.UltraCall => ("i", CallName.Of((UltraCall)happened.Number)),
            UvEventKind.Interrupt => ("i", $"interrupt 0x{happened.Number:x}"),
            UvEventKind.Injection => ("i", $"injection 0x{happened.Number:x}"),
            UvEventKind.PageState => ("C", "pages"),
            _ => ("i", happened.Text ?? happened.Kind.ToString()),
        };
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("cat", happened.Kind.ToString());
        json.WriteString("ph", phase);
        json.WriteNumber("ts", happened.Ticks / TicksPerMicrosecond);
        json.WriteNumber("pid", happened.Lpid);
        json.WriteNumber("tid", happened.Cpu);
        if (phase == "i")
            json.WriteString("s", "t");
        json.WriteStartObject("args");
        if (phase == "C")
            WriteCounters(happened.Lpid);
        else
            json.WriteString("text", EventText.Format(happened, symbols));
        json.WriteEndObject();
        json.WriteEndObject();
        if (json.BytesPending > FlushAt)
            json.Flush();
    }

    /// <summary>Ends the trace.</summary>
    public void Dispose()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
    }

    // SECURE is left out: nearly all frames are, and the others would not be seen beside them.
    private void WriteCounters(ulong lpid)
    {
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            if (state != PageState.SECURE && census.WasSeen(state))
                json.WriteNumber(state.ToString(), census.Now(lpid, state));
        }
    }
}
