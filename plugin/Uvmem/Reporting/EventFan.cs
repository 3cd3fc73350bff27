using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>Passes events to several takers.</summary>
internal sealed class EventFan(IReadOnlyList<IUltravisorEvents> takers) : IUltravisorEvents
{
    public void Record(in UvEvent happened)
    {
        foreach (IUltravisorEvents taker in takers)
            taker.Record(happened);
    }
}
