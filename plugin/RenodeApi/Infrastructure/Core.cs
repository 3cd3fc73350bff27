using System;
using System.Collections.Generic;
using Antmicro.Renode.Peripherals;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Core;

public interface IMachine : IEmulationElement
{
    bool IsPaused { get; }

    IClockSource ClockSource { get; }

    IBusController SystemBus { get; }

    IEnumerable<T> GetPeripheralsOfType<T>();

    void PauseAndRequestEmulationPause(bool precise = false);

    void RequestReset();
}

public interface IIdentifiable
{
}

public interface IMappedSegment
{
    IntPtr Pointer { get; }

    ulong StartingOffset { get; }

    ulong Size { get; }

    void Touch();
}

public struct Range
{
    public ulong StartAddress => throw null;

    public ulong Size => throw null;

    public bool Contains(ulong address) => throw null;

    public bool Contains(long address) => throw null;

    public bool Contains(Range range) => throw null;
}
