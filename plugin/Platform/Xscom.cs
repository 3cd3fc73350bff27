using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Opal;

namespace RenodeUvmem.Platform;

/// <summary>
/// The chip's internal registers (SCOM), as far as anything asks for them: the chip identification. Others do not answer, as on a chip without that unit.
/// </summary>
public sealed class Xscom(IMachineLog log) : IOpalCalls
{
    /// <summary>CFAM identification register (skiboot hw/xscom.c, xscom_init_chip_info).</summary>
    public const uint ChipIdentification = 0x000F000F;

    // POWER9 Nimbus as QEMU's powernv9 has it, EC level 2.3: the level in hexadecimal digits 0 and 2, chip 0xD1 in digits 3 and 4.
    private const ulong Nimbus23 = 0x223D_1049_0000_8000;
    private const ulong OnlyChip = 0;

    private readonly HashSet<uint> reported = [];

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XSCOM_READ, Read);
        table.Add(OpalToken.XSCOM_WRITE, call => call[0] == OnlyChip ? Refuse((uint)call[1], "write") : OpalReturn.PARAMETER);
    }

    // (chip, address, &value).
    private OpalReturn Read(OpalCall call)
    {
        if (call[0] != OnlyChip)
            return OpalReturn.PARAMETER;
        if ((uint)call[1] != ChipIdentification)
            return Refuse((uint)call[1], "read");
        return call.Memory.TryWrite64(call[2], Nimbus23) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    private OpalReturn Refuse(uint address, string what)
    {
        if (reported.Add(address))
            log.Warn($"SCOM 0x{address:x}: {what} of a register that this machine does not have");
        return OpalReturn.HARDWARE;
    }
}
