using System.Numerics;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// The six counters (ISA 3.0B Book III 9). This machine executes one instruction a cycle, so a counter of either is the difference of two instruction counts;
/// nothing is done per instruction. The PMC registers hold the value of the moment <see cref="Settle"/> last ran.
/// </summary>
/// <remarks>
/// Events: <see cref="EventOf"/> of PMC1 to PMC4; PMC5 counts instructions, PMC6 cycles. Where only some instructions are events, <see cref="Tallies"/> has each of them
/// looked at. Counters of other events stand still.
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

    // What happened since power-on, by event, and what of it is in the PMC registers. Executed instructions are the state's to count.
    private readonly long[] tallies = new long[Enum.GetValues<MonitorEvent>().Length];
    private readonly long[] settled = new long[Enum.GetValues<MonitorEvent>().Length];

    private readonly MonitorEvent[] events = new MonitorEvent[Count];

    // A bit for each counter that counts in the present state.
    private uint counting;

    /// <summary>Whether a counter counts events that only some instructions are: <see cref="Tally"/> must then be told each.</summary>
    public bool Tallies { get; private set; }

    /// <summary>An event occurred.</summary>
    public void Tally(MonitorEvent what) => tallies[(int)what]++;

    /// <summary>
    /// Brings the PMC registers up to date. Comes before anything that changes what counts, or reads a counter. <paramref name="completing"/> is 1 within an
    /// instruction that counts where it began, though it changes the state, and 0 elsewhere.
    /// </summary>
    public void Settle(int completing = 0)
    {
        tallies[(int)MonitorEvent.Executed] = state->Executed + completing;
        for (uint left = counting; left != 0; left &= left - 1)
        {
            int counter = BitOperations.TrailingZeroCount(left);
            int what = (int)events[counter];
            state->Spr[SprNumber.PMC1 + counter] = (uint)(state->Spr[SprNumber.PMC1 + counter] + (ulong)(tallies[what] - settled[what]));
        }

        tallies.CopyTo(settled, 0);
    }

    /// <summary>Comes after anything that changed what counts.</summary>
    public void Select()
    {
        counting = 0;
        Tallies = false;
        for (int counter = 0; counter < Count; counter++)
        {
            events[counter] = Counted(counter);
            if (events[counter] == MonitorEvent.None)
                continue;
            counting |= 1U << counter;
            Tallies |= events[counter] != MonitorEvent.Executed;
        }
    }

    /// <summary>Whether MSR has a say in what counts: not while all counters are frozen.</summary>
    public bool DependsOnMsr => (state->Spr[SprNumber.MMCR0] & Mmcr0.FC) == 0;

    /// <summary>
    /// Instructions until a counter may cause an alert or end the wait of others; <see cref="long.MaxValue"/> if none will. An instruction is one event at most.
    /// </summary>
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
                    soonest = Math.Min(soonest, Math.Max(1, Negative - (long)(uint)state->Spr[SprNumber.PMC1 + counter] - Unsettled(events[counter])));
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
        tallies[(int)MonitorEvent.Executed] = state->Executed;
        tallies.CopyTo(settled, 0);
        Select();
    }

    private long Unsettled(MonitorEvent what) =>
        (what == MonitorEvent.Executed ? state->Executed : tallies[(int)what]) - settled[(int)what];

    private void Sample()
    {
        ulong msr = state->Msr;
        state->Spr[SprNumber.SIAR] = state->Nia;
        state->Spr[SprNumber.SIER] = Sier.SIAR_VALID | ((msr & Msr.PR) != 0 ? Sier.SIPR : 0) | ((msr & Msr.HV) != 0 ? Sier.SIHV : 0);
    }

    private bool IsNegative(int counter) => (state->Spr[SprNumber.PMC1 + counter] & Negative) != 0;

    private bool IsEnabled(int counter) => (state->Spr[SprNumber.MMCR0] & (counter == Triggering ? Mmcr0.PMC1CE : Mmcr0.PMCjCE)) != 0;

    // What a counter counts now.
    private MonitorEvent Counted(int counter)
    {
        ulong mmcr0 = state->Spr[SprNumber.MMCR0];
        bool run = (state->Spr[SprNumber.CTRL] & RunLatch) != 0;
        if ((mmcr0 & Mmcr0.FC) != 0 || ((mmcr0 & Mmcr0.TRIGGER) != 0 && counter != Triggering))
            return MonitorEvent.None;
        if (FrozenForAll(mmcr0, run) || FrozenAlone(state->Spr[SprNumber.MMCR2] << (counter * Mmcr2.Width), run))
            return MonitorEvent.None;
        if (counter < Programmable)
            return EventOf(counter, run);
        return (mmcr0 & Mmcr0.FC56) == 0 && (run || (mmcr0 & Mmcr0.CC56RUN) != 0) ? MonitorEvent.Executed : MonitorEvent.None;
    }

    // MMCR1: PMC1UNIT in bits 0:3, PMC1SEL in bits 32:39, those of the others behind (ISA 3.0B Book III 9.4.5). The numbers are POWER9's: Linux
    // arch/powerpc/perf/power9-events-list.h and, for store conditionals, its self-test pmu/count_stcx_fail.
    private MonitorEvent EventOf(int counter, bool run)
    {
        ulong mmcr1 = state->Spr[SprNumber.MMCR1];
        ulong unit = (mmcr1 >> (60 - (4 * counter))) & 0xF;
        return (counter + 1, unit, (mmcr1 >> (24 - (8 * counter))) & 0xFF) switch
        {
            (_, 0, 0x1E or 0x02) => MonitorEvent.Executed,
            (2, 0, 0xF4) or (4, 0, 0xFA) when run => MonitorEvent.Executed,
            (4, 0xD, 0x5E) => MonitorEvent.Branches,
            (1, 0xE, 0x58) => MonitorEvent.FailedConditionalStores,
            _ => MonitorEvent.None,
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
