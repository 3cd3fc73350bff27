using System.Globalization;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_XIVE_RESET, DONATE_PAGE and DUMP: the controller as a whole.</summary>
public sealed class XiveModeCalls(XiveController xive, IMachineLog log) : IOpalCalls
{
    private const ulong DonatedAlignment = 0x10000;

    // What OPAL_XIVE_DUMP shows (Linux opal-api.h): rings of a thread, a virtual processor, the emulation's state of a thread.
    private enum Dump : uint
    {
        Physical,
        Pool,
        Os,
        User,
        VirtualProcessor,
        Emulation,
    }

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XIVE_RESET, Reset);
        table.Add(OpalToken.XIVE_DONATE_PAGE, XiveState.Exploited(xive, DonatePage));
        table.Add(OpalToken.XIVE_DUMP, Show);
    }

    // (0 for emulation, 1 for exploitation).
    private OpalReturn Reset(OpalCall call)
    {
        if (call[0] > 1)
            return OpalReturn.PARAMETER;
        xive.Reset(exploited: call[0] == 1);
        return OpalReturn.SUCCESS;
    }

    // (chip, page). Nobody asks for pages; one that comes all the same is not touched.
    private static OpalReturn DonatePage(OpalCall call) =>
        (uint)call[0] == XiveMap.Chip && call[1] % DonatedAlignment == 0 ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;

    // (what, PIR or virtual processor): a line in the log.
    private OpalReturn Show(OpalCall call)
    {
        var what = (Dump)(uint)call[0];
        switch (what)
        {
            case Dump.VirtualProcessor:
                if (!xive.VirtualProcessors.TryDecode(call[1], out VirtualProcessor? one))
                    return OpalReturn.PARAMETER;
                log.Info(string.Create(CultureInfo.InvariantCulture, $"XIVE: virtual processor 0x{one.Index:x} {(one.IsEnabled ? "enabled" : "disabled")}, backlog 0x{one.Backlog:x2}"));
                return OpalReturn.SUCCESS;
            case <= Dump.User:
                if (xive.FindThread((uint)call[1]) is not { } thread)
                    return OpalReturn.PARAMETER;
                Ring ring = Ring.Physical - (int)what;
                log.Info(string.Create(
                    CultureInfo.InvariantCulture,
                    $"XIVE: thread 0x{thread.Pir:x}, {ring} ring {Convert.ToHexString(thread.Registers.Slice((int)ring * RingRegister.Size, RingRegister.Size))}"));
                return OpalReturn.SUCCESS;
            case Dump.Emulation:
                return xive.FindThread((uint)call[1]) is null ? OpalReturn.PARAMETER : OpalReturn.SUCCESS;
            default:
                return OpalReturn.PARAMETER;
        }
    }
}
