using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>--log-ucalls: each event as a line.</summary>
internal sealed class EventLog(TextWriter writer) : IUltravisorEvents, IDisposable
{
    public void Record(in UvEvent happened) => writer.WriteLine(EventText.Format(happened));

    public void Dispose() => writer.Flush();
}
