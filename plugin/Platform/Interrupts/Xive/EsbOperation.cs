namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>What a load or store at an offset of a management page does (Linux arch/powerpc/include/asm/xive-regs.h; QEMU hw/intc/xive.c, tables of ESB loads and stores).</summary>
public enum EsbOperation
{
    None,
    Trigger,
    End,
    Get,
    Set,
}

/// <summary>Decodes offsets of management pages. Offset bit 0x40, load after store in order, changes nothing here: all accesses are in order.</summary>
public static class EsbOffset
{
    /// <summary>Accesses are of this many bytes.</summary>
    public const int AccessSize = 8;

    private const ulong WithinPage = 0xFFF;

    /// <summary>What a load does: 0x000 end of interrupt, 0x800 get, 0xC00, 0xD00, 0xE00, 0xF00 set PQ to bits 8:9 of the offset.</summary>
    public static EsbOperation Load(ulong offset) => (offset & WithinPage) switch
    {
        < 0x800 => EsbOperation.End,
        < 0xC00 => EsbOperation.Get,
        _ => EsbOperation.Set,
    };

    /// <summary>What a store does: 0x000 trigger, 0x400 end of interrupt, 0xC00 on set PQ.</summary>
    public static EsbOperation Store(ulong offset) => (offset & WithinPage) switch
    {
        < 0x400 => EsbOperation.Trigger,
        < 0x800 => EsbOperation.End,
        < 0xC00 => EsbOperation.None,
        _ => EsbOperation.Set,
    };

    /// <summary>PQ that <see cref="EsbOperation.Set"/> sets.</summary>
    public static byte State(ulong offset) => (byte)((offset >> 8) & EventState.Mask);
}
