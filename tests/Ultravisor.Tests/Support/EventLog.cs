using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Tests.Support;

/// <summary>Keeps events, and as short text the calls in their order.</summary>
internal sealed class EventLog : IUltravisorEvents
{
    public List<UvEvent> Events { get; } = [];

    /// <summary>Ultracalls but UV_RETURN, and reverse calls: <c>uv calls H_…(…)</c>, <c>UV_…(…) -> 0</c>.</summary>
    public List<string> Calls { get; } = [];

    public void Record(in UvEvent happened)
    {
        Events.Add(happened);
        if (happened.Kind is not (UvEventKind.UltraCall or UvEventKind.ReverseCall or UvEventKind.Reflection))
            return;
        string line = EventText.Format(happened);
        string call = line[(line.IndexOf(" lpid ", StringComparison.Ordinal) + 6)..];
        call = call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (!call.StartsWith("UV_RETURN", StringComparison.Ordinal))
            Calls.Add(call);
    }

    public void Clear()
    {
        Events.Clear();
        Calls.Clear();
    }
}
