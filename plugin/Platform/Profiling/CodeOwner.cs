using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Whose code a frame of a profile is.</summary>
public enum CodeOwner : byte
{
    /// <summary>S=0, HV=1, PR=0.</summary>
    HypervisorKernel,

    /// <summary>S=0, HV=1, PR=1.</summary>
    HypervisorUser,

    /// <summary>S=0, HV=0, PR=0.</summary>
    GuestKernel,

    /// <summary>S=0, HV=0, PR=1.</summary>
    GuestUser,

    /// <summary>S=1, HV=0, PR=0.</summary>
    SecureKernel,

    /// <summary>S=1, HV=0, PR=1.</summary>
    SecureUser,

    /// <summary>S=1, HV=1: a real image of an ultravisor. The model of one executes no instructions.</summary>
    Ultravisor,

    /// <summary>A guest's firmware.</summary>
    Firmware,

    /// <summary>The emulator.</summary>
    Host,
}

/// <summary>Owners by MSR, and their names.</summary>
public static class CodeOwners
{
    // In the order of the numbers: files of profiles have them.
    private static readonly string[] Names =
    [
        "hypervisor kernel", "hypervisor process", "guest kernel", "guest process", "SVM kernel", "SVM process", "ultravisor", "guest firmware", "host",
    ];

    /// <summary>All owners.</summary>
    public static IReadOnlyList<CodeOwner> All { get; } = Enum.GetValues<CodeOwner>();

    /// <summary>The owner of what executes with an MSR. Firmware of a guest (SLOF) executes as POWER's firmware does, big-endian and without relocation; Linux is there so for a few instructions only.</summary>
    public static CodeOwner Of(ulong msr)
    {
        bool user = (msr & Msr.PR) != 0;
        return (msr & (Msr.S | Msr.HV)) switch
        {
            Msr.S | Msr.HV => CodeOwner.Ultravisor,
            Msr.HV => user ? CodeOwner.HypervisorUser : CodeOwner.HypervisorKernel,
            _ when (msr & (Msr.LE | Msr.IR | Msr.PR)) == 0 => CodeOwner.Firmware,
            Msr.S => user ? CodeOwner.SecureUser : CodeOwner.SecureKernel,
            _ => user ? CodeOwner.GuestUser : CodeOwner.GuestKernel,
        };
    }

    /// <summary>The name for people.</summary>
    public static string Name(this CodeOwner owner) => Names[(int)owner];

    /// <summary>The owner with a name, or null.</summary>
    public static CodeOwner? Named(string name) => Array.IndexOf(Names, name) is var index and >= 0 ? (CodeOwner)index : null;

    /// <summary>Whether it is a kernel, whose symbols may be known.</summary>
    public static bool IsKernel(this CodeOwner owner) => owner is CodeOwner.HypervisorKernel or CodeOwner.GuestKernel or CodeOwner.SecureKernel;
}
