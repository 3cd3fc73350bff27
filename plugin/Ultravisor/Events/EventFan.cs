namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Passes events to several takers, which come and go at run time, even while an event is passed on.</summary>
public sealed class EventFan
{
    private IUltravisorEvents[] takers = [];

    /// <summary>Whether anybody takes events.</summary>
    public bool IsHeard => takers.Length != 0;

    /// <summary>Adds a taker behind the others.</summary>
    public void Add(IUltravisorEvents taker) => takers = [.. takers, taker];

    /// <summary>Removes a taker; false if it was none.</summary>
    public bool Remove(IUltravisorEvents taker)
    {
        int index = Array.IndexOf(takers, taker);
        if (index < 0)
            return false;
        takers = [.. takers[..index], .. takers[(index + 1)..]];
        return true;
    }

    /// <summary>Removes all takers.</summary>
    public void Clear() => takers = [];

    internal void Record(in UvEvent happened)
    {
        foreach (IUltravisorEvents taker in takers)
            taker.Record(happened);
    }
}
