using System.Diagnostics.Tracing;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>How long .NET's runtime held all threads, as its own events tell: for garbage collections mostly.</summary>
/// <remarks>Events and their numbers: Microsoft's "Runtime garbage collection events", GCSuspendEEBegin and GCRestartEEEnd.</remarks>
internal sealed class PauseMeter : EventListener
{
    private const string Source = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords GarbageCollection = (EventKeywords)0x1;
    private const int SuspendBegin = 9;
    private const int RestartEnd = 3;

    private DateTime begun;

    /// <summary>Number of pauses.</summary>
    public int Count { get; private set; }

    /// <summary>The longest one.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>All of them.</summary>
    public TimeSpan Total { get; private set; }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
            EnableEvents(eventSource, EventLevel.Informational, GarbageCollection);
    }

    // One thread of the runtime's delivers them, in order.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId == SuspendBegin)
        {
            begun = eventData.TimeStamp;
        }
        else if (eventData.EventId == RestartEnd && begun != default)
        {
            TimeSpan pause = eventData.TimeStamp - begun;
            begun = default;
            Count++;
            Total += pause;
            if (pause > Longest)
                Longest = pause;
        }
    }
}
