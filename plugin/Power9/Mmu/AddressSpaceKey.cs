using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>
/// The tag of an address space: everything a cached translation depends on, in one word.
/// Kind 0:1, S 2, HV 3, PR 4, key-0 authority 5:7, upper half 8, virtual real mode 9, decode mode of fetches 10:11, LPID 16:31, PID 32:51, number of the authority
/// of all keys 52:57.
/// </summary>
public static class AddressSpaceKey
{
    public const ulong HypervisorReal = 0;
    public const ulong GuestReal = 1;
    public const ulong Radix = 2;

    /// <summary>LPCR[HR]=0: segments count, and all 32 keys.</summary>
    public const ulong Hash = 3;
    public const ulong KindMask = 3;
    public const ulong SecureBit = 1 << 2;
    private const ulong HypervisorBit = 1 << 3;
    private const ulong VirtualRealBit = 1 << 9;
    private const ulong PidMask = 0xFFFFF;
    private const int AuthorityShift = 52;

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
        key |= Radix | (hv ? HypervisorBit : 0);
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

    /// <summary>Key with LPCR[HR]=0. Segments are not in it: what is cached goes when they go.</summary>
    /// <param name="msr">MSR of the access.</param>
    /// <param name="relocate">MSR[IR] for fetches, MSR[DR] for data.</param>
    /// <param name="upper">EA bit 0.</param>
    /// <param name="lpid">LPIDR, in hypervisor state too.</param>
    /// <param name="pid">PIDR, for a radix tree that the partition may have all the same.</param>
    /// <param name="authority">Number of AMR's value, or of IAMR's for fetches, see <see cref="KeyAuthorities"/>.</param>
    public static ulong MakeHash(ulong msr, bool relocate, bool upper, ulong lpid, ulong pid, ulong authority)
    {
        bool hv = (msr & Msr.HV) != 0;
        ulong key = (msr & Msr.S) != 0 ? SecureBit : 0;
        if (!relocate && hv)
            return key | HypervisorReal;
        key |= Hash | (hv ? HypervisorBit : 0) | (lpid << 16) | (authority << AuthorityShift);
        if (!relocate)
            return key | VirtualRealBit;
        if ((msr & Msr.PR) != 0)
            key |= 1UL << 4;
        return upper ? key | (1UL << 8) : key | (pid << 32);
    }

    /// <summary>Whether a key is of entries that segments led to, and in which half.</summary>
    public static bool IsSegmented(ulong key, Halves halves) =>
        (key & (KindMask | VirtualRealBit)) == Hash && ((key & (1UL << 8)) != 0 ? Halves.Upper & halves : Halves.Lower & halves) != 0;

    /// <summary>Whether a key is of a guest's real mode addresses, which belong to no process.</summary>
    public static bool IsGuestReal(ulong key) => (key & KindMask) == GuestReal || IsVirtualReal(key);

    /// <summary>Whether a key is of the virtual real mode area.</summary>
    public static bool IsVirtualReal(ulong key) => (key & (KindMask | VirtualRealBit)) == (Hash | VirtualRealBit);

    /// <summary>Whether what happens to a partition concerns the entries of a key.</summary>
    public static bool IsOf(ulong key, ulong lpid)
    {
        // In hypervisor state a radix tree is partition 0's, whatever LPIDR says.
        const ulong HypervisorHash = Hash | HypervisorBit;
        return (key & KindMask) != HypervisorReal && (Lpid(key) == lpid || (lpid == 0 && (key & HypervisorHash) == HypervisorHash));
    }

    /// <summary>Partition of a key.</summary>
    public static ulong Lpid(ulong key) => (key >> 16) & 0xFFFF;

    /// <summary>Process of a key.</summary>
    public static ulong Pid(ulong key) => (key >> 32) & PidMask;
}
