using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Timers;

public class LimitTimer : IPeripheral
{
    public LimitTimer(
        IClockSource clockSource,
        ulong frequency,
        IPeripheral owner,
        string localName,
        ulong limit = ulong.MaxValue,
        Direction direction = Direction.Descending,
        bool enabled = false,
        WorkMode workMode = WorkMode.Periodic,
        bool eventEnabled = false,
        bool autoUpdate = false,
        ulong divider = 1) => throw null;

    public ulong Limit { get => throw null; set => throw null; }

    public ulong Value { get => throw null; set => throw null; }

    public virtual bool Enabled { get => throw null; set => throw null; }

    public virtual void Reset() => throw null;
}
