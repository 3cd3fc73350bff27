using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// The processor's own debug facilities: DAWR0 and CIABR. The page of a watchpoint is in no data TLB, so that each access to it takes the slow path; the
/// slots of a page offset that CIABR names have the handler that breakpoints have. Neither costs anything while its register is off.
/// </summary>
public sealed unsafe partial class Cpu
{
    // What the decoded code was told of CIABR: 0 if nothing.
    private ulong ciabr;

    // The instruction that is traced, and whether it is so because CIABR names it.
    private ulong tracedAddress;
    private uint tracedWord;
    private bool tracesCompletion;

    // What nearly always says no, at the cost of one load.
    private bool MayWatch => (State->Spr[SprNumber.DAWRX0] & (Dawrx.Load | Dawrx.Store)) != 0;

    private DataAddressWatchpoint Watchpoint => new(State->Spr[SprNumber.DAWR0], State->Spr[SprNumber.DAWRX0]);

    /// <summary>Brings the SPRs up to date whose value is computed when it is read. Comes before somebody takes them out of the state.</summary>
    public void SettleSprs() => monitor.Settle();

    /// <summary>Comes after somebody replaced SPRs in the state: what counters, watchpoint and breakpoint are derived from.</summary>
    public void FollowSprs()
    {
        monitor.Resume();
        FollowWatchpoint();
        FollowCiabr();
    }

    /// <summary>The instruction in a slot is about to execute: if CIABR names it, it ends the run, and a trace interrupt follows it.</summary>
    internal void NoticeCompletion(Insn* i)
    {
        ulong address = Interpreter.Flow.Cia(State, i);
        if (ciabr == 0 || address != (ciabr & Ciabr.Address) || !Ciabr.Counts(ciabr, State->Msr))
            return;
        tracesCompletion = true;
        tracedAddress = address;
        tracedWord = InstructionWordAt(i);
        State->StopAfterThisInstruction();
    }

    // After an instruction that completed: each one with MSR[SE]=1, branches with MSR[BE]=1, CIABR's (ISA 3.0B Book III 6.5.15).
    private void DeliverTrace(ulong traceBits)
    {
        Type? group = InstructionTable.Instance.Find(tracedWord)?.Group;

        // System calls took their own interrupt; returns from interrupts are not traced.
        bool traced = (traceBits & Msr.SE) != 0 || tracesCompletion ? group != typeof(Interpreter.SystemLinkage) : group == typeof(Interpreter.Branch);
        if (!traced)
            return;
        State->Spr[SprNumber.SIAR] = tracedAddress;
        Deliver(Vector.Trace, State->Nia, SaveRestore.Traced | (tracesCompletion ? SaveRestore.TracedByCiabr : 0));
    }

    private void FollowWatchpoint()
    {
        DataAddressWatchpoint watchpoint = Watchpoint;
        if (!watchpoint.IsOn)
            return;
        foreach (AddressSpace space in spaces.All)
            space.FlushRange(watchpoint.Page, 0x1000);
    }

    // Bit 0 of the address may not count: the page is watched in both halves.
    private bool IsWatched(ulong ea)
    {
        if (!MayWatch)
            return false;
        DataAddressWatchpoint watchpoint = Watchpoint;
        return watchpoint.IsOn && ((ea ^ watchpoint.Page) & 0x7FFFFFFFFFFFF000) == 0;
    }

    // Takes the interrupt if the access is one that DAWR0 watches. Nothing was loaded or stored yet.
    private bool TakeWatchpoint(ulong cia, ulong ea, int size, AccessKind kind)
    {
        if (!MayWatch || !Watchpoint.Matches(State->Msr, ea, size, kind, out ulong match))
            return false;
        State->Spr[SprNumber.DAR] = match;
        State->Spr[SprNumber.DSISR] = Dsisr.DataAddressWatchpoint | (kind == AccessKind.Store ? Dsisr.Store : 0);
        Deliver(Vector.DataStorage, cia, 0);
        return true;
    }

    /// <summary>Whether writing an SPR changes what all CPUs share: decoded code.</summary>
    internal bool ConcernsOthers(int spr, ulong value) => spr == SprNumber.CIABR && Effective(value) != ciabr;

    private static ulong Effective(ulong ciabr) => (ciabr & Ciabr.Privilege) == 0 ? 0 : ciabr;

    private void FollowCiabr()
    {
        ulong value = Effective(State->Spr[SprNumber.CIABR]);
        if (value == ciabr)
            return;
        if (ciabr != 0)
            Memory.Code.RemoveBreak(ciabr);
        if (value != 0)
            Memory.Code.AddBreak(value);
        ciabr = value;
    }
}
