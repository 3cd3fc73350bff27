namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Life of a secure virtual machine.</summary>
public enum SvmState
{
    /// <summary>UV_ESM is under way: the hypervisor gives pages.</summary>
    Starting,

    /// <summary>Secure and running.</summary>
    Secure,

    /// <summary>UV_ESM failed: the hypervisor takes the pages back.</summary>
    Aborting,

    /// <summary>Killed by the ultravisor: its CPUs never run again.</summary>
    Dead,
}
