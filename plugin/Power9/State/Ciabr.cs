namespace RenodeUvmem.Power9.State;

/// <summary>CIABR (ISA 3.0B Book III, "Completed Instruction Address Breakpoint Register"): an instruction address, and the state in which it counts.</summary>
public static class Ciabr
{
    /// <summary>CIEA: address of the instruction.</summary>
    public const ulong Address = ~3UL;

    /// <summary>PRIV: 0 never, 1 problem, 2 privileged non-hypervisor, 3 hypervisor state.</summary>
    public const ulong Privilege = 3;

    /// <summary>Whether the state that an MSR tells is the one that a value of CIABR names.</summary>
    public static bool Counts(ulong ciabr, ulong msr) => (ciabr & Privilege) == ((msr & Msr.PR) != 0 ? 1UL : (msr & Msr.HV) != 0 ? 3UL : 2UL);
}
