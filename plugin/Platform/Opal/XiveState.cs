using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>What OPAL_XIVE_* calls have in common.</summary>
internal static class XiveState
{
    /// <summary>A call that is for exploitation mode alone.</summary>
    public static OpalHandler Exploited(XiveController xive, OpalHandler handler) => call => xive.IsExploited ? handler(call) : OpalReturn.WRONG_STATE;

    /// <summary>Gives a byte where an argument points to; 0 is nowhere. False: that is no normal RAM.</summary>
    public static bool Give8(this OpalCall call, int argument, byte value) => call[argument] == 0 || call.Memory.TryWrite8(call[argument], value);

    /// <summary>As <see cref="Give8"/>, a word.</summary>
    public static bool Give32(this OpalCall call, int argument, uint value) => call[argument] == 0 || call.Memory.TryWrite32(call[argument], value);

    /// <summary>As <see cref="Give8"/>, a doubleword.</summary>
    public static bool Give64(this OpalCall call, int argument, ulong value) => call[argument] == 0 || call.Memory.TryWrite64(call[argument], value);
}
