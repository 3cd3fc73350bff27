using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_HANDLE_HMI*: hypervisor maintenance interrupts.</summary>
public sealed unsafe class ErrorCalls(IMachineLog log) : IOpalCalls
{
    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.HANDLE_HMI, _ => OpalReturn.UNSUPPORTED);
        table.Add(OpalToken.HANDLE_HMI2, HandleHmi2);
    }

    // (&flags): causes are cleared in HMER; the time base is never lost, and no event message follows, so the flags are 0.
    private OpalReturn HandleHmi2(OpalCall call)
    {
        ulong* hmer = &call.Cpu.State->Spr[SprNumber.HMER];
        if (*hmer != 0)
            log.Warn($"hypervisor maintenance interrupt on CPU 0x{call.Cpu.Pir:x}, HMER 0x{*hmer:x}");
        *hmer = 0;
        return call.Memory.TryWrite64(call[0], 0) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }
}
