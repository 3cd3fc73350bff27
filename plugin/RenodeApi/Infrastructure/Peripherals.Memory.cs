using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.Memory;

public sealed class MappedMemory : IBusPeripheral
{
    private MappedMemory() => throw null;

    public IEnumerable<IMappedSegment> MappedSegments => throw null;

    public long Size => throw null;

    public void Reset() => throw null;

    public byte ReadByte(long offset) => throw null;

    public ushort ReadWord(long offset) => throw null;

    public uint ReadDoubleWord(long offset) => throw null;

    public ulong ReadQuadWord(long offset) => throw null;

    public byte[] ReadBytes(long offset, int count, IPeripheral context = null) => throw null;

    public void WriteByte(long offset, byte value) => throw null;

    public void WriteWord(long offset, ushort value) => throw null;

    public void WriteDoubleWord(long offset, uint value) => throw null;

    public void WriteQuadWord(long offset, ulong value) => throw null;

    public void WriteBytes(long offset, byte[] value) => throw null;
}
