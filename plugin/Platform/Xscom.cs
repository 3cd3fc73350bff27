using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Calls;

namespace RenodeUvmem.Platform;

/// <summary>
/// The chip's internal registers (SCOM), by OPAL and by ultracall, as far as anything asks for them: the chip identification. Others do not answer, as on a chip without that unit.
/// </summary>
public sealed class Xscom(IMachineLog log) : IOpalCalls, IScomBus, ISnapshotted
{
    /// <summary>CFAM identification register (skiboot hw/xscom.c, xscom_init_chip_info).</summary>
    public const uint ChipIdentification = 0x000F000F;

    // POWER9 Nimbus as QEMU's powernv9 has it, EC level 2.3: the level in hexadecimal digits 0 and 2, chip 0xD1 in digits 3 and 4.
    private const ulong Nimbus23 = 0x223D_1049_0000_8000;
    private const ulong OnlyChip = 0;

    private const int MostReported = 100;

    private readonly HashSet<ulong> reported = [];

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XSCOM_READ, Read);
        table.Add(OpalToken.XSCOM_WRITE, Write);
    }

    /// <inheritdoc/>
    public bool TryRead(ulong chip, ulong address, out ulong value)
    {
        bool known = chip == OnlyChip && address == ChipIdentification;
        value = known ? Nimbus23 : 0;
        return known || Refuse(chip, address, "read");
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong chip, ulong address, ulong value) => Refuse(chip, address, "write");

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(reported.Count);
        foreach (ulong address in reported.Order())
            writer.Write(address);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reported.Clear();
        for (int left = reader.ReadCount(MostReported, sizeof(ulong)); left > 0; left--)
            reported.Add(reader.ReadUInt64());
    }

    // (chip, address, &value).
    private OpalReturn Read(OpalCall call)
    {
        if (call[0] != OnlyChip)
            return OpalReturn.PARAMETER;
        if (!TryRead(call[0], call[1], out ulong value))
            return OpalReturn.HARDWARE;
        return call.Memory.TryWrite64(call[2], value) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (chip, address, value).
    private OpalReturn Write(OpalCall call)
    {
        if (call[0] != OnlyChip)
            return OpalReturn.PARAMETER;
        return TryWrite(call[0], call[1], call[2]) ? OpalReturn.SUCCESS : OpalReturn.HARDWARE;
    }

    private bool Refuse(ulong chip, ulong address, string what)
    {
        // Software may try any number of addresses.
        if (reported.Count < MostReported && reported.Add(address))
            log.Warn($"SCOM 0x{address:x} of chip {chip}: {what} of a register that this machine does not have");
        return false;
    }
}
