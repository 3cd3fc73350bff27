namespace Antmicro.Renode.Time;

public enum Direction
{
    Ascending = 0,
    Descending = 1,
}

public enum WorkMode
{
    OneShot = 0,
    Periodic = 1,
}

public interface IClockSource
{
}

public class Sleeper
{
    private Sleeper() => throw null;

    public void Interrupt() => throw null;
}

public class TimeHandle
{
    private TimeHandle() => throw null;

    public TimeInterval TotalElapsedTime => throw null;
}

public struct TimeInterval
{
    public ulong Ticks => throw null;
}
