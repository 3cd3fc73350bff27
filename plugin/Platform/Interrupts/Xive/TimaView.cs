namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// Which bytes of the rings a page shows by plain loads and stores of 4 or 8 bytes. OS and user ring belong to the hypervisor as a whole; an OS sees its own ring and changes nothing there but by the
/// operations. PIPR follows from the rest and NSR too, but a hypervisor that restores a ring writes them with it (QEMU hw/intc/xive.c, access maps of the pages).
/// </summary>
public static class TimaView
{
    /// <summary>Least size of a plain access.</summary>
    public const int LeastSize = 4;

    // A bit for each byte of a ring, byte 0 the highest: NSR CPPR IPB LSMFB, ACK INC AGE PIPR, word 2, word 3.
    private const ushort None = 0;
    private const ushort Word2 = 0b0000_0000_1111_0000;
    private const ushort OsRead = 0b1111_1101_1111_0001;
    private const ushort OsWrite = 0b1111_1100_1111_0001;
    private const ushort OsReadByOs = 0b1111_1101_0000_0000;
    private const ushort Pool = 0b0011_0110_1111_0001;
    private const ushort PhysicalRead = 0b1111_0101_1001_0000;
    private const ushort PhysicalWrite = 0b0011_0100_0000_0000;
    private const ushort Whole = ushort.MaxValue;

    /// <summary>Whether a byte can be loaded.</summary>
    public static bool CanLoad(TimaPage page, int offset) => Has(page switch
    {
        TimaPage.Hardware => RingOf(offset) switch { Ring.Os => OsRead, Ring.Pool => Pool, Ring.Physical => Whole, _ => Word2 },
        TimaPage.Hypervisor => RingOf(offset) switch { Ring.Os => OsRead, Ring.Pool => Pool, Ring.Physical => PhysicalRead, _ => Word2 },
        TimaPage.Os => RingOf(offset) == Ring.Os ? OsReadByOs : None,
        _ => None,
    }, offset);

    /// <summary>Whether a byte can be stored.</summary>
    public static bool CanStore(TimaPage page, int offset) => Has(page switch
    {
        TimaPage.Hardware or TimaPage.Hypervisor => RingOf(offset) switch { Ring.Os => OsWrite, Ring.Pool => Pool, Ring.Physical => PhysicalWrite, _ => Word2 },
        _ => None,
    }, offset);

    /// <summary>The ring of an offset.</summary>
    public static Ring RingOf(int offset) => (Ring)(offset / RingRegister.Size);

    private static bool Has(ushort bytes, int offset) => ((bytes >> (RingRegister.Size - 1 - offset % RingRegister.Size)) & 1) != 0;
}
