using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>The run loop.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Why execution can't go on (checkstop, something not implemented), or null. Names address and context.</summary>
    public string? StopReason { get; private set; }

    /// <summary>True in power-saving mode (stop): nothing executes until an interrupt that ends it.</summary>
    public bool Stopped
    {
        get => stopped;
        internal set
        {
            if (stopped == value)
                return;
            stopped = value;
            TellActivity();
        }
    }

    /// <summary>
    /// Set to get the <see cref="Execute"/> under way to return, after the current instruction if set by what the thread itself calls there, see
    /// <see cref="RequestReturn"/>. Stays set until the next one starts.
    /// </summary>
    public bool ReturnRequested
    {
        get => State->StopRequested != 0;
        set => State->StopRequested = value ? (byte)1 : (byte)0;
    }

    // A request from another thread is seen between two runs of the loop: within a millisecond or two.
    private const long LongestRun = 100_000;

    private long lastInterrupt = -1;

    // Managed id of the thread that is in Execute.
    private volatile int executingThread;

    /// <summary>
    /// Executes up to <paramref name="count"/> instructions and returns how many were. Returns early when the thread stops (see <see cref="Stopped"/>,
    /// <see cref="StopReason"/>), stands at a breakpoint (<see cref="StoppedAtBreakpoint"/>) or <see cref="ReturnRequested"/> is set.
    /// </summary>
    public long Execute(long count)
    {
        CpuState* s = State;
        long start = s->Executed;
        long end = start + count;
        executingThread = Environment.CurrentManagedThreadId;
        s->Work = HostWork.Interpreter;
        ReturnRequested = false;
        StoppedAtBreakpoint = false;
        if (Group.Exclusion is { } exclusion)
        {
            ExecuteConcurrently(s, end, exclusion);
        }
        else
        {
            while (MayRun && RunOnce(s, end, LongestRunNow))
            {
                if (s->Executed >= samplesAt)
                    TakeSample();
            }
        }

        executingThread = 0;
        s->Work = HostWork.None;
        return s->Executed - start;
    }

    private bool MayRun => StopReason is null && !ReturnRequested && !StoppedAtBreakpoint;

    // From one boundary of instructions to another. False if there is nothing more to do now.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool RunOnce(CpuState* s, long end, long longest)
    {
        long now = s->Executed;
        UpdateTimers();
        passing &= !Stopped && s->Nia == passAddress;
        if (!passing && TakePendingInterrupt())
        {
            // An interrupt right after another one costs an instruction of time: a source that nothing silences must not hang the host.
            if (now == lastInterrupt)
                s->RunEnd++;
            lastInterrupt = now;
            now = s->Executed;
        }
        else if (Stopped)
        {
            return false;
        }
        else if ((s->Spr[SprNumber.BESCR] & Bescr.GE) != 0 && !passing)
        {
            TakeEventBasedBranch();
        }

        // Delivery may have called somebody who wants to stop.
        if (now >= end || ReturnRequested || StopReason is not null)
            return false;
        if (postponed)
            return true;
        Insn* i = FetchSlot();
        if (i == null)
        {
            if (postponed)
                return true;

            // A fetch that faults costs one instruction of time: a vector that faults on itself must not hang the host.
            s->RunEnd++;
            passing = false;
            return true;
        }

        ulong traceBits = s->Msr & (Msr.SE | Msr.BE);
        if (Observer is not null)
        {
            // An instruction that does not execute now is observed when it does.
            if (StopsAt(Interpreter.Flow.Cia(s, i)))
                return false;
            Observe(i);
        }

        CoverageRecorder? recorder = (s->Msr & Msr.PR) == 0 ? Coverage : null;
        bool tallies = monitor.Tallies;
        long budget = passing || traceBits != 0 || Observer is not null || (tallies && recorder is not null) ? 1 : Math.Min(Math.Min(end - now, longest), InstructionsToDeadline());
        tracedAddress = s->Nia;
        tracedWord = traceBits != 0 ? InstructionWordAt(i) : 0;
        long deliveries = Deliveries;
        s->Remaining = budget;
        s->RunEnd = now + budget;
        if (tallies)
            i = TallyingLoop(s, i, recorder);
        else if (recorder is not null)
            i = RecordingLoop(s, i, recorder);
        else if (Translator is { } translator && (Group.Exclusion is null || translator.MayRunConcurrently))
            i = TranslatingLoop(s, i, translator);
        else if (!X86Base.IsSupported && s->Concurrent != 0)
            i = AcquiringLoop(s, i);
        else
            i = Loop(s, i);
        if (i != null)
            s->Nia = Interpreter.Flow.Cia(s, i);
        s->RunEnd -= s->Remaining;
        s->Remaining = 0;
        (passing, passAgain) = (passAgain, false);
        if ((traceBits != 0 || tracesCompletion) && deliveries == Deliveries && !StoppedAtBreakpoint && !postponed)
            DeliverTrace(traceBits);
        tracesCompletion = false;
        return true;
    }

    /// <summary>
    /// Asks the <see cref="Execute"/> under way to return: after the current instruction if called on its own thread, for example by a device or an
    /// <see cref="Debug.IAccessWatcher"/>, and soon if called on another one. Without one under way it has no effect.
    /// </summary>
    public void RequestReturn()
    {
        if (State == null)
            return;
        ReturnRequested = true;
        if (executingThread == Environment.CurrentManagedThreadId)
            State->StopAfterThisInstruction();
    }

    /// <summary>Stops this thread for good with a message for the user.</summary>
    public void CheckStop(string reason)
    {
        StopReason ??= reason;
        State->StopAfterThisInstruction();
    }

    /// <summary>The word of the instruction in a slot of the current page.</summary>
    public uint InstructionWordAt(Insn* i) => CodeCache.WordAt(CodeCache.PageOf(State->CodePage), (int)(i - State->CodePage));

    private static Insn* Loop(CpuState* s, Insn* i)
    {
        // A handler that returns null has been counted: it either completed (sc, rfid) or took its interrupt in one instruction's time.
        do
        {
            Insn* next = i->Fn(s, i);
            if (next == null)
            {
                s->Remaining--;
                return null;
            }

            i = next;
        }
        while (--s->Remaining > 0);
        return i;
    }

    // For hosts that may load a slot's operands before its handler, and so find operands of before it was decoded by another CPU.
    private static Insn* AcquiringLoop(CpuState* s, Insn* i)
    {
        do
        {
            Insn* next = ((delegate*<CpuState*, Insn*, Insn*>)Volatile.Read(ref *(nint*)&i->Fn))(s, i);
            if (next == null)
            {
                s->Remaining--;
                return null;
            }

            i = next;
        }
        while (--s->Remaining > 0);
        return i;
    }

    // Slot of NIA; null after an instruction storage, segment or machine check interrupt was taken.
    private Insn* FetchSlot()
    {
        CpuState* s = State;
        if ((s->Msr & Msr.SF) == 0)
            s->Nia = (uint)s->Nia;
        ulong ea = s->Nia;
        ulong page = ea & ~0xFFFUL;
        CodeTlbEntry* entry = (&s->CodeTlb0)[ea >> 63] + ((ea >> 12) & (CodeTlbEntry.Count - 1));
        if (entry->Tag != page)
        {
            Translate(ea, AccessKind.Fetch, out Translation translation);
            if (translation.Fault != TranslationFault.None)
            {
                DeliverFetchFault(ea, translation);
                return null;
            }

            RamRange? range = CheckedRam(translation.Real, ea, AccessKind.Fetch);
            if (range is null)
            {
                DeliverMachineCheck(ea, MachineCheckCause.Fetch, ea);
                return null;
            }

            int mode = DecodeMode.Of(s->Msr);
            CodePage* code = CodeCache.Find(range, translation.Real & ~0xFFFUL, mode);
            if (code == null)
            {
                // All CPUs must stop storing to it directly.
                if (s->Concurrent != 0)
                {
                    Postpone(ea);
                    return null;
                }

                code = Memory.Code.Make(range, translation.Real & ~0xFFFUL, mode);
            }

            AddressSpace space = ea >> 63 == 0 ? code0! : code1!;
            if (translation.Cacheable)
            {
                space.Empty = false;
                entry = (&s->CodeTlb0)[ea >> 63] + ((ea >> 12) & (CodeTlbEntry.Count - 1));
                entry->Slots = code->Slots;
                entry->Tag = page;
            }

            s->CodePage = code->Slots;
        }
        else
        {
            s->CodePage = entry->Slots;
        }

        s->CodePageEa = page;
        return s->CodePage + ((ea >> 2) & (Insn.SlotsPerPage - 1));
    }
}
