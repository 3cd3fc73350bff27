using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// Executing at the same time as other CPUs (ARCHITECTURE.md, "Processors on host threads"). What can't be done beside others is postponed: the instruction
/// changes nothing and is executed again when no other CPU executes, with <see cref="CpuState.Concurrent"/> 0.
/// </summary>
public sealed unsafe partial class Cpu
{
    // Others that want to be alone wait for as long as such a run takes: some microseconds.
    private const long ConcurrentRun = 5000;

    // Fewer than Linux makes between two synchronisations; more are as good as everything.
    private const int InvalidationLimit = 64;

    // The next instruction is to be executed alone.
    private bool postponed;

    // The instruction under way is to be postponed: the fault that its access comes back with is none.
    private bool refused;

    // tlbie that other CPUs have not heard of yet.
    private readonly List<TlbInvalidation> invalidations = [];

    /// <summary>Whether it stands still until somebody wakes it or time passes.</summary>
    public bool IsAsleep => stopped && pending == Interrupts.PendingInterrupt.None && (long)(decExpiry - Ticks) >= 0 && (!hdecArmed || (long)(hdecExpiry - Ticks) >= 0);

    /// <summary>Has the instruction in slot <paramref name="i"/> executed when no other CPU executes. Returns null, for the handler to return.</summary>
    internal static Insn* Postpone(CpuState* s, Insn* i)
    {
        Of(s).Postpone(Flow.Cia(s, i));
        return null;
    }

    /// <summary>As <see cref="CpuGroup.ExecuteConcurrently"/>.</summary>
    internal void BecomeConcurrent() => State->Concurrent = 1;

    /// <summary>Whether tlbie waits for tlbsync or ptesync.</summary>
    internal bool HasInvalidations => invalidations.Count != 0;

    /// <summary>Has all other CPUs drop what tlbie of this one named. No CPU executes.</summary>
    internal void CompleteInvalidations()
    {
        if (invalidations.Count == 0)
            return;
        foreach (Cpu cpu in Group.Cpus)
        {
            if (ReferenceEquals(cpu, this))
                continue;
            if (invalidations.Count > InvalidationLimit)
            {
                cpu.spaces.FlushAll();
                continue;
            }

            foreach (TlbInvalidation what in invalidations)
                cpu.TlbInvalidate(what);
        }

        invalidations.Clear();
    }

    private void Postpone(ulong address)
    {
        State->Nia = address;

        // The run loop counts the instruction when its handler returns; it is counted when it is executed.
        if (!postponed && State->Remaining > 0)
            State->Remaining++;
        postponed = true;
        refused = false;
    }

    // True if other CPUs execute: the fault that is now reported is then none.
    private bool Refuse()
    {
        refused |= State->Concurrent != 0;
        return refused;
    }

    // Before registers say anything of a fault: software may not have read yet what they say of an earlier one.
    private bool PostponeRefused(ulong address)
    {
        if (!refused)
            return false;
        Postpone(address);
        return true;
    }

    private void NoteInvalidation(in TlbInvalidation what)
    {
        if (invalidations.Count <= InvalidationLimit)
            invalidations.Add(what);
    }

    private void ExecuteConcurrently(CpuState* s, long end, Exclusion exclusion)
    {
        exclusion.Begin();
        try
        {
            while (MayRun)
            {
                if (postponed)
                {
                    if (!RunAlone(s, end, exclusion))
                        break;
                    continue;
                }

                if (Translator is { Full: true } translator)
                    StartAnew(translator, exclusion);
                if (exclusion.IsWanted)
                    exclusion.Yield();
                if (!RunOnce(s, end, Math.Min(ConcurrentRun, LongestRunNow)))
                    break;
            }
        }
        finally
        {
            exclusion.End();
        }
    }

    // Others may be in the code that goes.
    private static void StartAnew(Translator translator, Exclusion exclusion)
    {
        exclusion.Enter();
        if (translator.Full)
            translator.StartAnew();
        exclusion.Leave();
    }

    private bool RunAlone(CpuState* s, long end, Exclusion exclusion)
    {
        exclusion.Enter();
        s->Concurrent = 0;
        postponed = refused = false;
        try
        {
            return RunOnce(s, end, 1);
        }
        finally
        {
            s->Concurrent = 1;
            exclusion.Leave();
        }
    }

    // The time that whoever reads the time base sees.
    private void SeeTime()
    {
        ulong ticks = Ticks;
        SkippedTicks += Group.SeeTime(ticks) - ticks;
    }

    // Linux changes page table entries by larx and stcx., and another CPU's walk may set bits, too. A walk whose entry is not what it read is of no use.
    private bool ChangeEntry(byte* entry, ulong from, ulong to)
    {
        if (State->Concurrent == 0)
            *(ulong*)entry = to;
        else if (Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(entry), to, from) != from)
            return !Refuse();
        return true;
    }
}
