using Antmicro.Renode.Core;

namespace Antmicro.Renode.Peripherals.UART;

public enum Bits
{
    None = 0,
    One = 1,
    Half = 2,
    OneAndAHalf = 3,
    Two = 4,
}

public enum Parity
{
    Odd = 0,
    Even = 1,
    None = 2,
    Forced1 = 3,
    Forced0 = 4,
    Multidrop = 5,
}

// Provides what IUART asks for.
public abstract class UARTBase : IPeripheral
{
    protected UARTBase(IMachine machine) => throw null;

    public abstract uint BaudRate { get; }

    public abstract Bits StopBits { get; }

    public abstract Parity ParityBit { get; }

    public virtual void Reset() => throw null;

    protected abstract void CharWritten();

    protected abstract void QueueEmptied();

    protected bool TryGetCharacter(out byte character, bool peek = false) => throw null;

    protected void TransmitCharacter(byte character) => throw null;
}
