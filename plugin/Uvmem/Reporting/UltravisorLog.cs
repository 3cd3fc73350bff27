using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>--log-ucalls: events as lines.</summary>
internal sealed class UltravisorLog(TextWriter target) : IUltravisorEvents
{
    public void Record(in UvEvent happened) => target.WriteLine(EventText.Format(happened));
}

/// <summary>Several takers of events.</summary>
internal sealed class UltravisorEventFan(IReadOnlyList<IUltravisorEvents> takers) : IUltravisorEvents
{
    public void Record(in UvEvent happened)
    {
        foreach (IUltravisorEvents taker in takers)
            taker.Record(happened);
    }
}
