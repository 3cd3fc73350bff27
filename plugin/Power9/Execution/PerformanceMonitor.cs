using System.Numerics;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// The six counters (ISA 3.0B Book III 9). This machine executes one instruction a cycle, so a counter of either is the difference of two instruction counts;
/// nothing is done per instruction. The PMC registers hold the value of the moment <see cref="Settle"/> last ran.
/// </summary>
/// <remarks>
/// Events: PMC1 to PMC4 with PMCxSEL 0x1E (cycles) and 0x02 (instructions), and those with the run latch of PMC2 and PMC4 (Linux arch/powerpc/perf/power9-events-list.h);
/// PMC5 counts instructions, PMC6 cycles. There is no cache, no stall and no misprediction to count: counters of other events stand still.
/// </remarks>
public sealed unsafe class PerformanceMonitor(CpuState* state)
{
    /// <summary>Counters.</summary>
    public const int Count = 6;

    private const uint Negative = 0x80000000;
    private const int Programmable = 4;
    private const int Triggering = 0;

    // CTRL[RUN].
    private const ulong RunLatch = 1;

    private long settled;

    // A bit for each counter that counts in the present state.
    private uint counting;

    /// <summary>Brings the PMC registers up to date. Comes before anything that changes what counts, or reads a counter.</summary>
    public void Settle()
    {
        long now = state->Executed;
        for (uint left = counting; left != 0; left &= left - 1)
        {
            int counter = BitOperations.TrailingZeroCount(left);
            state->Spr[SprNumber.PMC1 + counter] = (uint)(state->Spr[SprNumber.PMC1 + counter] + (ulong)(now - settled));
        }

        settled = now;
    }

    /// <summary>Comes after anything that changed what counts.</summary>
    public void Select()
    {
        counting = 0;
        for (int counter = 0; counter < Count; counter++)
            counting |= Counts(counter) ? 1U << counter : 0;
    }

    /// <summary>Whether MSR has a say in what counts: not while all counters are frozen.</summary>
    public bool DependsOnMsr => (state->Spr[SprNumber.MMCR0] & Mmcr0.FC) == 0;

    /// <summary>Instructions until a counter causes an alert or ends the wait of others; <see cref="long.MaxValue"/> if none will.</summary>
    public long ToCondition
    {
        get
        {
            ulong mmcr0 = state->Spr[SprNumber.MMCR0];
            if (counting == 0 || (mmcr0 & (Mmcr0.PMAE | Mmcr0.TRIGGER)) == 0)
                return long.MaxValue;
            long soonest = long.MaxValue;
            for (int counter = 0; counter < Count; counter++)
            {
                bool matters = ((mmcr0 & Mmcr0.PMAE) != 0 && IsEnabled(counter)) || ((mmcr0 & Mmcr0.TRIGGER) != 0 && counter == Triggering);
                if (matters && (counting & (1U << counter)) != 0)
                    soonest = Math.Min(soonest, Math.Max(1, Negative - (long)(uint)state->Spr[SprNumber.PMC1 + counter] - (state->Executed - settled)));
            }

            return soonest;
        }
    }

    /// <summary>Acts on counters that are negative. True if that is an alert.</summary>
    public bool TakeConditions()
    {
        ulong mmcr0 = state->Spr[SprNumber.MMCR0];
        if ((mmcr0 & (Mmcr0.PMAE | Mmcr0.TRIGGER)) == 0)
            return false;
        Settle();
        bool condition = false;
        for (int counter = 0; counter < Count; counter++)
            condition |= IsNegative(counter) && IsEnabled(counter);
        if ((condition || IsNegative(Triggering)) && (mmcr0 & Mmcr0.TRIGGER) != 0)
            mmcr0 &= ~Mmcr0.TRIGGER;
        bool alert = condition && (mmcr0 & Mmcr0.PMAE) != 0;
        if (alert)
            mmcr0 = (mmcr0 & ~Mmcr0.PMAE) | Mmcr0.PMAO | ((mmcr0 & Mmcr0.FCECE) != 0 ? Mmcr0.FC : 0);
        state->Spr[SprNumber.MMCR0] = mmcr0;
        Select();
        if (alert)
            Sample();
        return alert;
    }

    /// <summary>After a snapshot was loaded: its registers were settled when it was saved.</summary>
    public void Resume()
    {
        settled = state->Executed;
        Select();
    }

    private void Sample()
    {
        ulong msr = state->Msr;
        state->Spr[SprNumber.SIAR] = state->Nia;
        state->Spr[SprNumber.SIER] = Sier.SIAR_VALID | ((msr & Msr.PR) != 0 ? Sier.SIPR : 0) | ((msr & Msr.HV) != 0 ? Sier.SIHV : 0);
    }

    private bool IsNegative(int counter) => (state->Spr[SprNumber.PMC1 + counter] & Negative) != 0;

    private bool IsEnabled(int counter) => (state->Spr[SprNumber.MMCR0] & (counter == Triggering ? Mmcr0.PMC1CE : Mmcr0.PMCjCE)) != 0;

    private bool Counts(int counter)
    {
        ulong mmcr0 = state->Spr[SprNumber.MMCR0];
        bool run = (state->Spr[SprNumber.CTRL] & RunLatch) != 0;
        if ((mmcr0 & Mmcr0.FC) != 0 || ((mmcr0 & Mmcr0.TRIGGER) != 0 && counter != Triggering))
            return false;
        bool events = counter < Programmable ? CountsEvent(counter, run) : (mmcr0 & Mmcr0.FC56) == 0 && (run || (mmcr0 & Mmcr0.CC56RUN) != 0);
        return events && !FrozenForAll(mmcr0, run) && !FrozenAlone(state->Spr[SprNumber.MMCR2] << (counter * Mmcr2.Width), run);
    }

    // MMCR1: PMC1UNIT in bits 0:3, PMC1SEL in bits 32:39, those of the others behind (ISA 3.0B Book III 9.4.5).
    private bool CountsEvent(int counter, bool run)
    {
        ulong mmcr1 = state->Spr[SprNumber.MMCR1];
        if (((mmcr1 >> (60 - (4 * counter))) & 0xF) != 0)
            return false;
        return ((mmcr1 >> (24 - (8 * counter))) & 0xFF) switch
        {
            0x1E or 0x02 => true,
            0xF4 => counter == 1 && run,
            0xFA => counter == 3 && run,
            _ => false,
        };
    }

    private bool FrozenForAll(ulong mmcr0, bool run) => Frozen(
        (mmcr0 & Mmcr0.FCS) != 0, (mmcr0 & Mmcr0.FCP) != 0, (mmcr0 & Mmcr0.FCPC) != 0, (mmcr0 & Mmcr0.FCM1) != 0, (mmcr0 & Mmcr0.FCM0) != 0,
        (mmcr0 & Mmcr0.FCH) != 0) || ((mmcr0 & Mmcr0.FCWAIT) != 0 && !run);

    private bool FrozenAlone(ulong own, bool run) => Frozen(
        (own & Mmcr2.FCS) != 0, (own & Mmcr2.FCP0) != 0, (own & Mmcr2.FCP1) != 0, (own & Mmcr2.FCM1) != 0, (own & Mmcr2.FCM0) != 0,
        (own & Mmcr2.FCH) != 0) || ((own & Mmcr2.FCWAIT) != 0 && !run);

    private bool Frozen(bool supervisor, bool problem, bool problemOfOne, bool marked, bool unmarked, bool hypervisor)
    {
        ulong msr = state->Msr;
        bool hv = (msr & Msr.HV) != 0;
        if ((msr & Msr.PMM) != 0 ? marked : unmarked)
            return true;
        if ((msr & Msr.PR) != 0)
            return problemOfOne ? problem == hv : problem;
        return hv ? hypervisor : supervisor;
    }
}
