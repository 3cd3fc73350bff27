using Antmicro.Renode.Peripherals.Bus;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Renode.Machines;

/// <summary>Devices on Renode's bus, as the CPU sees them: whatever is no RAM.</summary>
internal sealed class BusWindow(IBusController bus, PowerMachine machine) : IMmioBus
{
    /// <inheritdoc/>
    public bool Answers(ulong real) => bus.WhatIsAt(real, machine.Current) is not null;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        machine.Current?.SyncTime();
        return size switch
        {
            1 => bus.ReadByte(offset, machine.Current),
            2 => bus.ReadWord(offset, machine.Current),
            4 => bus.ReadDoubleWord(offset, machine.Current),
            _ => bus.ReadQuadWord(offset, machine.Current),
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        machine.Current?.SyncTime();
        switch (size)
        {
            case 1:
                bus.WriteByte(offset, (byte)value, machine.Current);
                break;
            case 2:
                bus.WriteWord(offset, (ushort)value, machine.Current);
                break;
            case 4:
                bus.WriteDoubleWord(offset, (uint)value, machine.Current);
                break;
            default:
                bus.WriteQuadWord(offset, value, machine.Current);
                break;
        }
    }
}
