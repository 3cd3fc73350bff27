using Antmicro.Migrant;
using Antmicro.Renode.Core;
using RenodeUvmem.Platform.Console;

namespace Antmicro.Renode.Peripherals.UART;

/// <summary>
/// The terminal behind OPAL_CONSOLE_READ and OPAL_CONSOLE_WRITE. It has no registers: <see cref="Miscellaneous.OpalFirmware"/> reads and writes it. Characters that are typed wait
/// until the next turn of a CPU.
/// </summary>
public sealed class OpalConsole : UARTBase, IConsole
{
    /// <summary>A terminal.</summary>
    public OpalConsole(IMachine machine)
        : base(machine)
    {
    }

    /// <summary>There is no line, so no rate.</summary>
    public override uint BaudRate => 0;

    /// <inheritdoc/>
    public override Bits StopBits => Bits.One;

    /// <inheritdoc/>
    public override Parity ParityBit => Parity.None;

    bool IConsole.IsInteractive => true;

    /// <summary>Lets output wait for the end of the CPU's turn: who listens may pause the machine.</summary>
    [field: Transient]
    internal Action<Action>? Defer { get; set; }

    void IConsole.Write(ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Defer!(() => Array.ForEach(copy, TransmitCharacter));
    }

    int IConsole.Read(Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length && TryGetCharacter(out byte one))
            buffer[count++] = one;
        return count;
    }

    void IConsole.WaitForInput(TimeSpan atMost) => throw new NotSupportedException("idle time is Renode's");

    /// <inheritdoc/>
    protected override void CharWritten()
    {
    }

    /// <inheritdoc/>
    protected override void QueueEmptied()
    {
    }
}
