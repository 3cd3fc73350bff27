using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>Region "memory": what reaches it came over the bus, so from a device, the Monitor or a debugger.</summary>
public sealed partial class SecureMemoryController
{
    [ConnectionRegion("memory")]
    public byte ReadByteFromMemory(long offset) => Allowed(offset, 1, write: false) ? Memory.ReadByte(offset) : (byte)0;

    [ConnectionRegion("memory")]
    public void WriteByteToMemory(long offset, byte value)
    {
        if (Allowed(offset, 1, write: true))
            Memory.WriteByte(offset, value);
    }

    [ConnectionRegion("memory")]
    public ushort ReadWordFromMemory(long offset) => Allowed(offset, 2, write: false) ? Memory.ReadWord(offset) : (ushort)0;

    [ConnectionRegion("memory")]
    public void WriteWordToMemory(long offset, ushort value)
    {
        if (Allowed(offset, 2, write: true))
            Memory.WriteWord(offset, value);
    }

    [ConnectionRegion("memory")]
    public uint ReadDoubleWordFromMemory(long offset) => Allowed(offset, 4, write: false) ? Memory.ReadDoubleWord(offset) : 0;

    [ConnectionRegion("memory")]
    public void WriteDoubleWordToMemory(long offset, uint value)
    {
        if (Allowed(offset, 4, write: true))
            Memory.WriteDoubleWord(offset, value);
    }

    [ConnectionRegion("memory")]
    public ulong ReadQuadWordFromMemory(long offset) => Allowed(offset, 8, write: false) ? Memory.ReadQuadWord(offset) : 0;

    [ConnectionRegion("memory")]
    public void WriteQuadWordToMemory(long offset, ulong value)
    {
        if (Allowed(offset, 8, write: true))
            Memory.WriteQuadWord(offset, value);
    }

    private bool Allowed(long offset, int length, bool write)
    {
        if (machine.SystemBus.TryGetTransactionInitiator(out IPeripheral initiator) && initiator is CPU.Power9 { SeesSecureMemory: true })
            return true;

        if (core is null)
            this.Log(LogLevel.Warning, "Refused access to secure memory at offset 0x{0:X}", offset);
        else
            core.AllowDma(Base + (ulong)offset, (ulong)length, write);
        return false;
    }
}
