using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>
/// OPAL_INT_* and OPAL_*_XIVE: the interrupt controller for kernels that have no driver of their own for it ("ibm,opal-intc"). While a kernel works with XIVE itself, OPAL_INT_EOI is
/// the only one of the first that it may call, then with a source's number (skiboot hw/xive.c, opal_xive_eoi).
/// </summary>
public sealed class InterruptCalls(IInterruptController interrupts) : IOpalCalls
{
    // Server numbers of OPAL_*_XIVE carry two link bits at the low end (Linux ics-opal.c, ics_opal_mangle_server).
    private const int ServerShift = 2;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.INT_GET_XIRR, call => Exploited is null ? GetXirr(call) : OpalReturn.WRONG_STATE);
        table.Add(OpalToken.INT_SET_CPPR, call => Exploited is null ? SetCppr(call) : OpalReturn.WRONG_STATE);
        table.Add(OpalToken.INT_EOI, Eoi);
        table.Add(OpalToken.INT_SET_MFRR, call => Exploited is null ? SetMfrr(call) : OpalReturn.WRONG_STATE);
        table.Add(OpalToken.SET_XIVE, SetXive);
        table.Add(OpalToken.GET_XIVE, GetXive);
    }

    private XiveController? Exploited => interrupts is XiveController { IsExploited: true } xive ? xive : null;

    // (&xirr, only look).
    private OpalReturn GetXirr(OpalCall call)
    {
        // Accepting and then failing to tell would lose the interrupt, so the pointer is tried with the value first.
        if (!call.Memory.TryWrite32(call[0], interrupts.Accept(call.Cpu.Pir, peek: true)))
            return OpalReturn.PARAMETER;
        if ((byte)call[1] == 0)
            interrupts.Accept(call.Cpu.Pir, peek: false);
        return OpalReturn.SUCCESS;
    }

    private OpalReturn SetCppr(OpalCall call)
    {
        interrupts.SetPriority(call.Cpu.Pir, (byte)call[0]);
        return OpalReturn.SUCCESS;
    }

    // A positive result tells the kernel that there is more to fetch.
    private OpalReturn Eoi(OpalCall call)
    {
        if (Exploited is { } xive)
            return xive.TryEnd((uint)call[0]) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
        return (OpalReturn)(interrupts.EndOfInterrupt(call.Cpu.Pir, (uint)call[0]) ? 1 : 0);
    }

    // (server, MFRR).
    private OpalReturn SetMfrr(OpalCall call) => interrupts.SetIpi((uint)call[0], (byte)call[1]) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;

    // (source, mangled server, priority).
    private OpalReturn SetXive(OpalCall call) =>
        interrupts.SetRoute((uint)call[0], (uint)(ushort)call[1] >> ServerShift, (byte)call[2]) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;

    // (source, &mangled server as 16 bits, &priority as 8 bits).
    private OpalReturn GetXive(OpalCall call) =>
        interrupts.TryGetRoute((uint)call[0], out uint server, out byte priority)
        && call.Memory.TryWrite16(call[1], (ushort)(server << ServerShift))
        && call.Memory.TryWrite8(call[2], priority)
            ? OpalReturn.SUCCESS
            : OpalReturn.PARAMETER;
}
