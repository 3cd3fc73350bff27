namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>A device tree with what its flattened form carries beside the nodes.</summary>
public sealed class FdtTree
{
    /// <summary>The root node; its name is empty.</summary>
    public FdtNode Root { get; init; } = new("");

    /// <summary>Memory reservation block, without its terminator.</summary>
    public List<FdtReservation> Reservations { get; } = [];

    /// <summary>boot_cpuid_phys of the header.</summary>
    public uint BootCpu { get; set; }
}
