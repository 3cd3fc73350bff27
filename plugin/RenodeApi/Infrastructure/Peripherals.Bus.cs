using System;
using System.Collections.Generic;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.Memory;
using ELFSharp.ELF;
using ELFSharp.ELF.Segments;
using Range = Antmicro.Renode.Core.Range;

namespace Antmicro.Renode.Peripherals.Bus;

[Flags]
public enum Access
{
    Read = 1,
    Write = 2,
    ReadAndWrite = 3,
}

[Flags]
public enum SysbusAccessWidth
{
    Byte = 1,
    Word = 2,
    DoubleWord = 4,
    QuadWord = 8,
}

public interface IBusPeripheral : IPeripheral
{
}

public interface IBusRegistered<out T> : IRegistered<T, BusRangeRegistration>
    where T : IBusPeripheral
{
}

public interface IBusController : IPeripheralContainer<IBusPeripheral, BusRangeRegistration>
{
    IEnumerable<ICPU> GetCPUs();

    IBusRegistered<MappedMemory> FindMemory(ulong address, ICPU context = null);

    IBusRegistered<IBusPeripheral> WhatIsAt(ulong address, IPeripheral context = null);

    bool TryGetTransactionInitiator(out IPeripheral initiator);

    bool TryGetWatchpointsAt(ulong address, Access access, out List<BusHookHandler> result);

    byte ReadByte(ulong address, IPeripheral context = null, ulong? cpuState = null);

    ushort ReadWord(ulong address, IPeripheral context = null, ulong? cpuState = null);

    uint ReadDoubleWord(ulong address, IPeripheral context = null, ulong? cpuState = null);

    ulong ReadQuadWord(ulong address, IPeripheral context = null, ulong? cpuState = null);

    void WriteByte(ulong address, byte value, IPeripheral context = null, ulong? cpuState = null);

    void WriteWord(ulong address, ushort value, IPeripheral context = null, ulong? cpuState = null);

    void WriteDoubleWord(ulong address, uint value, IPeripheral context = null, ulong? cpuState = null);

    void WriteQuadWord(ulong address, ulong value, IPeripheral context = null, ulong? cpuState = null);
}

public class BusHookHandler
{
    private BusHookHandler() => throw null;

    public void Invoke(ICpuSupportingGdb cpu, ulong currentAddress, SysbusAccessWidth currentWidth, ulong value = 0) => throw null;
}

public class BusRangeRegistration : IRegistrationPoint
{
    private protected BusRangeRegistration() => throw null;

    public Range Range { get; set; }
}

public class BusMultiRegistration : BusRangeRegistration
{
    private BusMultiRegistration() => throw null;

    public string ConnectionRegionName { get; }
}

[AttributeUsage(AttributeTargets.Method)]
public class ConnectionRegionAttribute : Attribute
{
    public ConnectionRegionAttribute(string name) => throw null;
}

public static class ELFExtensions
{
    public static ulong GetEntryPoint(this IELF elf) => throw null;

    public static ulong GetSegmentAddress(this ISegment segment) => throw null;

    public static ulong GetSegmentPhysicalAddress(this ISegment segment) => throw null;

    public static ulong GetSegmentSize(this ISegment segment) => throw null;
}
