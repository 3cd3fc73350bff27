namespace RenodeUvmem.Power9.Execution;

/// <summary>What a CPU does: whose code it executes, or nothing.</summary>
public enum Activity : byte
{
    /// <summary>S=0, HV=1: the hypervisor and its processes.</summary>
    Hypervisor,

    /// <summary>S=0, HV=0: a normal guest.</summary>
    Guest,

    /// <summary>S=1, HV=0: a secure guest.</summary>
    SecureGuest,

    /// <summary>S=1, HV=1: the ultravisor. A model of it takes no time.</summary>
    Ultravisor,

    /// <summary>It waits for an interrupt after <c>stop</c>.</summary>
    Stopped,
}
