using System.Globalization;
using System.Text.Json;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>
/// --trace: events in the JSON trace event format that chrome://tracing and Perfetto open. A process is a partition, a thread a CPU;
/// time is virtual: one instruction is one tick of the time base.
/// </summary>
internal sealed class UltravisorTrace : IUltravisorEvents, IDisposable
{
    private readonly Utf8JsonWriter json;

    public UltravisorTrace(Stream target)
    {
        json = new Utf8JsonWriter(target);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartArray("traceEvents");
    }

    public void Record(in UvEvent happened)
    {
        string line = EventText.Format(happened);

        // The viewer shows number, CPU and partition itself: the name is what follows them.
        string name = line[(line.IndexOf("lpid", StringComparison.Ordinal) + 5)..];
        name = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        json.WriteStartObject();
        json.WriteString("name", Head(name));
        json.WriteString("cat", happened.Kind.ToString());
        json.WriteString("ph", "i");
        json.WriteString("s", "t");
        json.WriteNumber("ts", happened.Instruction * (1e6 / Cpu.TimeBaseFrequency));
        json.WriteNumber("pid", happened.Lpid);
        json.WriteNumber("tid", happened.Cpu);
        json.WriteStartObject("args");
        json.WriteString("text", name);
        json.WriteString("instruction", happened.Instruction.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
        if (json.BytesPending > 1 << 16)
            json.Flush();
    }

    public void Dispose()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
    }

    private static string Head(string name)
    {
        int end = name.IndexOf('(', StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }
}
