using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>The machines on which rows run.</summary>
internal static class Machines
{
    public const ulong MiB = 1 << 20;
    public const ulong GuestMemory = 256 * MiB;

    // Frames in the upper half of the guest's memory, which nothing uses before the kernel starts.
    public const ulong FirstLeft = 192 * MiB;
    public const int LeftFrames = 256;

    /// <summary>The ultravisor leaves some frames to H_SVM_INIT_DONE.</summary>
    public static readonly RowMachine Usual = new("matrix", 1024 * MiB, Leaving);

    /// <summary>Rows whose guests do not become secure.</summary>
    public static readonly RowMachine Refusing = new("refusing", 1024 * MiB, Leaving);

    /// <summary>Rows in a running guest.</summary>
    public static readonly RowMachine Running = new("running", 1024 * MiB);

    /// <summary>Rows in a running guest whose external interrupts the hypervisor injects: XIVE gives a guest its own without asking anybody.</summary>
    public static readonly RowMachine OnXics = new("xics", 1024 * MiB) { Interrupts = InterruptModel.Xics };

    /// <summary>Rows after which a guest is not as it should be: each has its own.</summary>
    public static readonly RowMachine Spoilt = new("spoilt", 1024 * MiB);

    /// <summary>Rows of normal guests.</summary>
    public static readonly RowMachine Normal = new("normal", 1024 * MiB) { IsSecure = false, Ready = "ready-normal" };

    public static readonly RowMachine TwoCpus = new("two-cpus", 1024 * MiB, processors: 2) { Ready = "ready-two" };
    public static readonly RowMachine NoPool = new("no-pool", 0);
    public static readonly RowMachine SmallPool = new("small-pool", GuestMemory / 2, new UltravisorOptions { Overcommit = true });

    private static UltravisorOptions Leaving => new() { LeftToDone = gpa => gpa - FirstLeft < LeftFrames * Frames.Size };

    /// <summary>A machine with something else in its device tree.</summary>
    public static RowMachine Described(string name, Action<FdtNode> edit) => new(name, 1024 * MiB) { EditDeviceTree = edit };

    /// <summary>A machine on which a function of the kernel fails once from power-on.</summary>
    public static RowMachine Failing(string name, string text) => new(name, 1024 * MiB) { FromPowerOn = new Injection([], [], [text]) };
}
