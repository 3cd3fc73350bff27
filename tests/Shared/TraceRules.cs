using System.Text.Json;
using NUnit.Framework;

namespace RenodeUvmem.Tests.Shared;

/// <summary>What trace viewers demand of the Trace Event Format (Chrome's "Trace Event Format" document): phases and their fields, named tracks, spans that lie one within another.</summary>
internal static class TraceRules
{
    /// <summary>Fails where a trace breaks a rule; returns its events.</summary>
    public static JsonElement[] Check(byte[] trace)
    {
        JsonElement root = JsonDocument.Parse(trace).RootElement;
        Assert.That(root.GetProperty("displayTimeUnit").GetString(), Is.AnyOf("ms", "ns"));
        JsonElement[] events = [.. root.GetProperty("traceEvents").EnumerateArray()];
        foreach (JsonElement one in events)
            CheckFields(one);
        CheckNames(events);
        foreach (IGrouping<(long, long), JsonElement> track in events.GroupBy(Track))
            CheckSpans([.. track]);
        return events;
    }

    public static string Phase(JsonElement one) => one.GetProperty("ph").GetString()!;

    public static string Name(JsonElement one) => one.GetProperty("name").GetString()!;

    public static double Time(JsonElement one) => one.GetProperty("ts").GetDouble();

    public static (long Process, long Thread) Track(JsonElement one) => (one.GetProperty("pid").GetInt64(), one.GetProperty("tid").GetInt64());

    /// <summary>Argument of an event, or null.</summary>
    public static string? Argument(JsonElement one, string name) => one.GetProperty("args").TryGetProperty(name, out JsonElement value) ? value.ToString() : null;

    /// <summary>Name of the track that an event is on.</summary>
    public static string TrackName(JsonElement[] events, JsonElement one) =>
        Argument(events.First(meta => Phase(meta) == "M" && Name(meta) == "thread_name" && Track(meta) == Track(one)), "name")!;

    private static void CheckFields(JsonElement one)
    {
        Assert.That(Phase(one), Is.AnyOf("B", "E", "X", "i", "C", "M"), one.ToString());
        Assert.That(Name(one), Is.Not.Empty, one.ToString());
        Assert.That(Time(one), Is.GreaterThanOrEqualTo(0), one.ToString());
        (long process, long thread) = Track(one);
        Assert.That(process, Is.Positive, "0 is the idle process to Perfetto");
        Assert.That(thread, Is.Positive, "0 is the idle thread to Perfetto");
        Assert.That(one.GetProperty("args").ValueKind, Is.EqualTo(JsonValueKind.Object));
        if (Phase(one) == "X")
            Assert.That(one.GetProperty("dur").GetDouble(), Is.GreaterThanOrEqualTo(0), one.ToString());
        if (Phase(one) == "i")
            Assert.That(one.GetProperty("s").GetString(), Is.AnyOf("g", "p", "t"), one.ToString());
        if (Phase(one) == "C")
            Assert.That(one.GetProperty("args").EnumerateObject().All(value => value.Value.ValueKind == JsonValueKind.Number), one.ToString());
    }

    private static void CheckNames(JsonElement[] events)
    {
        var processes = new HashSet<long>();
        var threads = new Dictionary<long, long>();
        foreach (JsonElement one in events)
        {
            (long process, long thread) = Track(one);
            if (Phase(one) != "M")
            {
                Assert.That(processes, Does.Contain(process), "a process without a name");
                Assert.That(threads, Does.ContainKey(thread), "a track without a name");
                Assert.That(threads[thread], Is.EqualTo(process), "viewers know a thread by its number alone");
            }
            else if (Name(one) == "process_name")
            {
                Assert.That(processes.Add(process), "named twice");
            }
            else if (Name(one) == "thread_name")
            {
                Assert.That(threads.TryAdd(thread, process), "named twice");
            }
        }
    }

    // Spans of one track, in the order of their ends for complete ones.
    private static void CheckSpans(JsonElement[] events)
    {
        var open = new Stack<string>();
        double last = 0;
        foreach (JsonElement one in events)
        {
            if (Phase(one) == "M")
                continue;
            Assert.That(Time(one), Is.GreaterThanOrEqualTo(last), $"time runs backwards: {one}");
            last = Time(one) + (Phase(one) == "X" ? one.GetProperty("dur").GetDouble() : 0);
            if (Phase(one) == "B")
                open.Push(Name(one));
            else if (Phase(one) == "E")
                Assert.That(open.TryPop(out string? name) && name == Name(one), $"ends what did not begin: {one}");
        }

        Assert.That(open, Is.Empty, "spans without an end");
    }
}
