using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Debug;

/// <summary>
/// What DAWR0 and DAWRX0 say (ISA 3.0B Book III, "Data Address Watchpoint"): 1 to 64 doublewords of effective addresses, the states and the kinds of access that match.
/// </summary>
public readonly struct DataAddressWatchpoint
{
    // A range ends where its 512 bytes end (Linux hw_breakpoint.c, DAWR_MAX_LEN on processors before ISA 3.1).
    private const ulong Boundary = 512;

    private readonly ulong first;
    private readonly ulong last;
    private readonly ulong control;

    /// <summary>The watchpoint of two register values.</summary>
    public DataAddressWatchpoint(ulong dawr, ulong dawrx)
    {
        control = dawrx;
        first = dawr & ~7UL;
        last = Math.Min(first + (((dawrx & Dawrx.Range) >> Dawrx.RangeShift) * 8) + 7, first | (Boundary - 1));
    }

    /// <summary>Whether any access can match.</summary>
    public bool IsOn => (control & (Dawrx.Load | Dawrx.Store)) != 0 && (control & (Dawrx.Problem | Dawrx.Privileged | Dawrx.Hypervisor)) != 0;

    /// <summary>4 KiB page of the range; one range is never in two.</summary>
    public ulong Page => first & ~0xFFFUL;

    /// <summary>
    /// Whether an access to <paramref name="size"/> bytes matches in the state that <paramref name="msr"/> tells; <paramref name="match"/> is then the first byte that does.
    /// </summary>
    public bool Matches(ulong msr, ulong ea, int size, AccessKind kind, out ulong match)
    {
        match = 0;
        bool relocated = (msr & Msr.DR) != 0;
        ulong state = (msr & Msr.PR) != 0 ? Dawrx.Problem : (msr & Msr.HV) != 0 ? Dawrx.Hypervisor : Dawrx.Privileged;
        if ((control & state) == 0
            || (control & (kind == AccessKind.Store ? Dawrx.Store : Dawrx.Load)) == 0
            || ((control & Dawrx.TranslationIgnored) == 0 && (control & Dawrx.Translation) != 0 != relocated))
        {
            return false;
        }

        // In hypervisor real mode bit 0 of an address only chooses the offset register.
        ulong ignored = !relocated && (msr & Msr.HV) != 0 && (control & Dawrx.RealModeBitIgnored) != 0 ? 1UL << 63 : 0;
        ulong low = ea & ~ignored;
        ulong begin = first & ~ignored;
        ulong end = last & ~ignored;
        if (low > end || low + (ulong)(size - 1) < begin)
            return false;
        match = Math.Max(low, begin) | (ea & ignored);
        return true;
    }
}
