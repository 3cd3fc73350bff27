namespace RenodeUvmem.Platform.Opal;

/// <summary>How the machine asks to end.</summary>
public enum PowerRequest
{
    PowerOff,
    Reboot,

    /// <summary>Reboot because of an error that the kernel calls fatal (OPAL_REBOOT_PLATFORM_ERROR).</summary>
    PlatformError,
}

/// <summary>OPAL_CEC_POWER_DOWN, OPAL_CEC_REBOOT*.</summary>
public sealed class PowerCalls(Action<PowerRequest, string> request) : IOpalCalls
{
    // Reboot types of OPAL_CEC_REBOOT2 (Linux opal-api.h).
    private const ulong NormalReboot = 0;
    private const ulong PlatformErrorReboot = 1;
    private const ulong FullIplReboot = 2;
    private const int MessageLimit = 256;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.CEC_POWER_DOWN, _ => Ask(PowerRequest.PowerOff, ""));
        table.Add(OpalToken.CEC_REBOOT, _ => Ask(PowerRequest.Reboot, ""));
        table.Add(OpalToken.CEC_REBOOT2, Reboot2);

        // Nothing of this firmware works behind the kernel's back, so there is nothing to wait for.
        table.Add(OpalToken.SYNC_HOST_REBOOT, _ => OpalReturn.SUCCESS);
    }

    // (type, text or null).
    private OpalReturn Reboot2(OpalCall call) => call[0] switch
    {
        NormalReboot or FullIplReboot => Ask(PowerRequest.Reboot, ""),
        PlatformErrorReboot => Ask(PowerRequest.PlatformError, call[1] == 0 ? "" : call.Memory.ReadText(call[1], MessageLimit)),
        _ => OpalReturn.UNSUPPORTED,
    };

    private OpalReturn Ask(PowerRequest what, string text)
    {
        request(what, text);
        return OpalReturn.SUCCESS;
    }
}
