namespace RenodeUvmem.Coverage.Report;

/// <summary>In whose kernel something ran.</summary>
[Flags]
public enum Worlds
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In the hypervisor's.</summary>
    Hypervisor = 1,

    /// <summary>In that of a guest, normal or secure.</summary>
    Guest = 2,
}
