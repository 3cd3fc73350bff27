namespace RenodeUvmem.Platform.Opal;

/// <summary>Return codes of OPAL calls, given in GPR 3 (OPAL API; Linux arch/powerpc/include/asm/opal-api.h).</summary>
public enum OpalReturn : long
{
    SUCCESS = 0,
    PARAMETER = -1,
    BUSY = -2,
    PARTIAL = -3,
    CLOSED = -5,
    HARDWARE = -6,
    UNSUPPORTED = -7,
    PERMISSION = -8,
    RESOURCE = -10,
    WRONG_STATE = -14,
    XIVE_PROVISIONING = -31,
    XIVE_FREE_ACTIVE = -32,
}
