using System.Text.Json;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>
/// The Trace Event Format of Chrome's trace viewer, which Perfetto opens too. Times are given in ticks and written in microseconds. What an event has more
/// to say is written with <see cref="Argument(string, string)"/> between the call that opens it and <see cref="Close"/>.
/// </summary>
internal sealed class TraceWriter : IDisposable
{
    private const double TicksPerMicrosecond = Cpu.TimeBaseFrequency / 1e6;

    // The writer keeps what it was given until told to pass it on.
    private const int FlushAt = 1 << 16;

    private readonly Utf8JsonWriter json;
    private readonly HashSet<TraceTrack> named = [];
    private readonly HashSet<long> namedProcesses = [];

    public TraceWriter(Stream stream)
    {
        json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartArray("traceEvents");
    }

    /// <summary>Names a track and its group, the first time.</summary>
    public void Name(TraceTrack track, string process, string thread)
    {
        if (!named.Add(track))
            return;
        if (namedProcesses.Add(track.Process))
        {
            Metadata(track, "process_name", "name", process);
            Metadata(track, "process_sort_index", "sort_index", track.Process);
        }

        Metadata(track, "thread_name", "name", thread);
        Metadata(track, "thread_sort_index", "sort_index", track.Thread);
    }

    /// <summary>A span begins; those of a track lie one within another.</summary>
    public void Begin(TraceTrack track, string category, string name, ulong ticks) => Open("B", track, category, name, ticks);

    /// <summary>The innermost span of a track ends.</summary>
    public void End(TraceTrack track, string category, string name, ulong ticks) => Open("E", track, category, name, ticks);

    /// <summary>A span that is over.</summary>
    /// <param name="track">Its track.</param>
    /// <param name="category">Kind, for the viewer's filter.</param>
    /// <param name="name">Name.</param>
    /// <param name="from">First tick.</param>
    /// <param name="to">Tick behind the last.</param>
    /// <param name="colour">A colour name of Chrome's viewer, or null.</param>
    public void Complete(TraceTrack track, string category, string name, ulong from, ulong to, string? colour = null)
    {
        json.WriteStartObject();
        Head("X", track, category, name, from);
        json.WriteNumber("dur", (to - from) / TicksPerMicrosecond);
        if (colour is not null)
            json.WriteString("cname", colour);
        json.WriteStartObject("args");
    }

    /// <summary>A moment: of its track, or one that a viewer draws over all of them.</summary>
    public void Instant(TraceTrack track, string category, string name, ulong ticks, bool global = false)
    {
        json.WriteStartObject();
        Head("i", track, category, name, ticks);
        json.WriteString("s", global ? "g" : "t");
        json.WriteStartObject("args");
    }

    /// <summary>Values from now on, as arguments.</summary>
    public void Counter(TraceTrack track, string name, ulong ticks) => Open("C", track, "counter", name, ticks);

    public void Argument(string name, string value) => json.WriteString(name, value);

    public void Argument(string name, long value) => json.WriteNumber(name, value);

    /// <summary>Completes the event.</summary>
    public void Close()
    {
        json.WriteEndObject();
        json.WriteEndObject();
        if (json.BytesPending > FlushAt)
            json.Flush();
    }

    /// <summary>Completes the trace.</summary>
    public void Dispose()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
    }

    private void Open(string phase, TraceTrack track, string category, string name, ulong ticks)
    {
        json.WriteStartObject();
        Head(phase, track, category, name, ticks);
        json.WriteStartObject("args");
    }

    private void Head(string phase, TraceTrack track, string category, string name, ulong ticks)
    {
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        json.WriteString("cat", category);
        json.WriteNumber("ts", ticks / TicksPerMicrosecond);
        json.WriteNumber("pid", track.Process);
        json.WriteNumber("tid", track.Thread);
    }

    private void Metadata(TraceTrack track, string what, string argument, string value)
    {
        Open("M", track, "__metadata", what, 0);
        Argument(argument, value);
        Close();
    }

    private void Metadata(TraceTrack track, string what, string argument, long value)
    {
        Open("M", track, "__metadata", what, 0);
        Argument(argument, value);
        Close();
    }
}
