using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// The tag of an address space: everything a cached translation depends on, in one word.
/// Kind 0:1, S 2, HV 3, PR 4, key-0 authority 5:7, upper half 8, LPID 16:31, PID 32:63.
/// </summary>
public static class AddressSpaceKey
{
    public const ulong HypervisorReal = 0;
    public const ulong GuestReal = 1;
    public const ulong Radix = 2;
    public const ulong KindMask = 3;
    public const ulong SecureBit = 1 << 2;

    /// <summary>Key for one half of the effective address space.</summary>
    /// <param name="msr">MSR of the access.</param>
    /// <param name="relocate">MSR[IR] for fetches, MSR[DR] for data.</param>
    /// <param name="upper">EA bit 0: quadrants 2 and 3, where the process is number 0.</param>
    /// <param name="lpid">LPIDR.</param>
    /// <param name="pid">PIDR.</param>
    /// <param name="authority">AMR bits 0:1, or IAMR bit 1 for fetches, which apply to privileged accesses to unprivileged pages.</param>
    public static ulong Make(ulong msr, bool relocate, bool upper, ulong lpid, ulong pid, ulong authority)
    {
        bool hv = (msr & Msr.HV) != 0;
        ulong key = (msr & Msr.S) != 0 ? SecureBit : 0;
        if (!relocate)
            return hv ? key | HypervisorReal : key | GuestReal | (lpid << 16);
        key |= Radix | (hv ? 1UL << 3 : 0);
        bool problem = (msr & Msr.PR) != 0;
        if (problem)
            key |= 1UL << 4;
        else if (!upper)
            key |= (authority & 7) << 5;

        // In hypervisor state quadrants 0 and 3 belong to partition 0; 1 and 2 are never cached.
        if (!hv)
            key |= lpid << 16;
        return upper ? key | (1UL << 8) : key | (pid << 32);
    }

    /// <summary>Partition of a key.</summary>
    public static ulong Lpid(ulong key) => (key >> 16) & 0xFFFF;

    /// <summary>Process of a key.</summary>
    public static ulong Pid(ulong key) => key >> 32;
}
