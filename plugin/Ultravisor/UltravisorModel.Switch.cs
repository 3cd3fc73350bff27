using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>Passing a thread from an SVM to the hypervisor (reflection) and back (UV_RETURN).</summary>
public sealed unsafe partial class UltravisorModel
{
    /// <summary>What the hypervisor reads from DEC: far away, so that it learns nothing of the SVM's timers.</summary>
    private const long HiddenDecrementer = 0x7FFFFFFF;

    /// <summary>Number of the facility that HFSCR enables for messages; SVMs get it, and not transactional memory.</summary>
    private const ulong HfscrMessage = 1UL << FacilityNumber.MessagePrivileged;

    private const ulong HfscrTransactional = 1UL << FacilityNumber.TransactionalMemory;

    /// <summary>LPCR[ONL]: the thread counts in PURR.</summary>
    private const ulong LpcrOnline = 1UL << 18;

    private const ulong FloatingPointBits = Msr.FP | Msr.VEC | Msr.VSX;

    /// <summary>Goes on with a guest CPU: runs its operations until one needs the hypervisor, then the guest.</summary>
    internal void Advance(IThread thread, UvContext context, Answer answer)
    {
        while (context.Operations.TryPeek(out Operation? operation))
        {
            Step step = operation.Run(this, context, answer);
            switch (step.Kind)
            {
                case StepKind.Call when operation is not RuleCall && RuleFor(context, step) is { } rule:
                    if (rule.Return is not { } code)
                    {
                        context.Operations.Push(new RuleCall(rule, rule.ArgumentsAt(HypercallFrames(step.Number, step.Arguments)), step));
                        answer = default;
                        break;
                    }

                    RecordRule(rule, context.Svm.Lpid);
                    answer = new Answer(code);
                    break;
                case StepKind.Call:
                    CallHypervisor(thread, context, step.Number, step.Arguments);
                    return;
                case StepKind.Child:
                    context.Operations.Push(step.ChildOperation!);
                    answer = default;
                    break;
                case StepKind.Finished:
                    context.Operations.Pop();
                    answer = new Answer(step.Result);
                    break;
                case StepKind.Abort:
                    AbortToHypervisor(thread, context, step.Reason!);
                    return;
                default:
                    Kill(context, step.Reason!);
                    answer = default;
                    break;
            }
        }

        Complete(thread, context, answer.Result);
        Resume(thread, context);
    }

    /// <summary>Whether UV_RETURN with these registers would start a CPU.</summary>
    internal bool IsStartCookie(ulong result, ulong lpid, ulong address) => FindStart(result, lpid, address) is not null;

    /// <summary>UV_RETURN; false if no guest CPU belongs to the registers.</summary>
    internal bool ReturnToGuest(in CallFrame frame)
    {
        IThread thread = frame.Thread;
        CpuState* s = thread.State;
        ulong cookie = s->Gpr[31];
        if (FindStart(s->Gpr[0], s->Spr[SprNumber.LPIDR], s->Spr[SprNumber.HSRR0]) is { } start)
        {
            // A CPU that stopped itself still has the cookie of that call, which never returns.
            if (contexts.TryGetValue(cookie, out UvContext? parked) && parked.Svm == start.Svm)
            {
                contexts.Remove(cookie);
                Release(parked);
            }

            StartGuestCpu(frame, start);
            return true;
        }

        if (!contexts.Remove(cookie, out UvContext? context))
            return false;
        if (context.Svm.State == SvmState.Dead && context.Operations.Count == 0)
        {
            Kill(context, "");
            Advance(thread, context, default);
            return true;
        }

        if (s->Spr[SprNumber.LPIDR] != context.Registers.Lpid || s->Spr[SprNumber.PIDR] != context.Registers.Pid)
        {
            Kill(context, $"the hypervisor changed LPIDR to {s->Spr[SprNumber.LPIDR]}, PIDR to {s->Spr[SprNumber.PIDR]}");
            Advance(thread, context, default);
            return true;
        }

        var answer = new Answer((long)s->Gpr[0], s->Gpr[4]);
        if (context.Reflected is { } call)
        {
            HCallShape shape = HCallShape.Of(call) ?? default;
            context.Registers.Gpr[3] = s->Gpr[0];
            for (int n = 0; n < shape.Outputs; n++)
                context.Registers.Gpr[4 + n] = s->Gpr[4 + n];
            RecordReverseResult(thread, context.Svm.Lpid, call, own: false, answer.Result, context.Index);
        }
        else if (context.Reverse is { } reverse)
        {
            RecordReverseResult(thread, context.Svm.Lpid, reverse, own: true, answer.Result, context.Index);
        }

        RecordUltraCall(thread, context.Svm.Lpid, (ulong)UltraCall.UV_RETURN, default, UReturn.U_SUCCESS, frame.Site, context.Index);
        Inject(thread, context, cookie);
        context.Reflected = null;
        context.Reverse = null;
        Advance(thread, context, answer);
        return true;
    }

    // An address other than the cookie is an interrupt that the hypervisor gives the guest. Linux adds the AIL offset itself
    // (arch/powerpc/kvm/book3s_hv_builtin.c, inject_interrupt). Any other address is not honoured, as in the firmware (core/uvcall.c 89-110): a
    // hypervisor that could send a guest anywhere could make its own code give secrets away.
    private void Inject(IThread thread, UvContext context, ulong cookie)
    {
        CpuState* s = thread.State;
        ulong address = s->Spr[SprNumber.HSRR0];
        if (address == cookie)
            return;
        if (GuestInterrupt.RelocationAt(address) is not { } relocation || context.Injected)
        {
            RecordNote(context.Svm.Lpid, $"an interrupt at 0x{address:x} that the hypervisor injected is ignored: no vector, or the second in one call");
            return;
        }

        GuestRegisters registers = context.Registers;
        registers.Srr0 = registers.Nia;
        registers.Srr1 = (registers.Msr & ~SaveRestore.CauseMask) | (s->Gpr[2] & SaveRestore.CauseMask);
        registers.Nia = address;
        registers.Msr = Msr.SF | Msr.S | Msr.ME | relocation | (s->Spr[SprNumber.HSRR1] & Msr.LE);
        context.Injected = context.Operations.Count > 0;
        RecordInjection(thread, context.Svm.Lpid, address);
    }

    // First entry of a CPU after RTAS start-cpu: it does not come from a reflection, R3 (in R0) holds the start cookie.
    private StartRequest? FindStart(ulong cookie, ulong lpid, ulong address) =>
        cookie <= uint.MaxValue && startCookies.TryGetValue((uint)cookie, out StartRequest start) && lpid == start.Svm.Lpid && address == start.Address ? start : null;

    private void StartGuestCpu(in CallFrame frame, StartRequest start)
    {
        IThread thread = frame.Thread;
        CpuState* s = thread.State;
        startCookies.Remove((uint)s->Gpr[0]);
        UvContext context = NewContext(start.Svm);
        GuestRegisters registers = context.Registers;
        registers.Lpid = start.Svm.Lpid;
        registers.Pid = s->Spr[SprNumber.PIDR];
        registers.Nia = start.Address & ~3UL;
        registers.Msr = Msr.SF | Msr.S | Msr.ME;
        registers.Gpr[3] = start.Argument;
        registers.DecrementerExpiry = thread.TimeBase + (ulong)thread.Decrementer;
        if (start.Svm.State == SvmState.Dead)
            Kill(context, "");
        RecordUltraCall(thread, start.Svm.Lpid, (ulong)UltraCall.UV_RETURN, default, UReturn.U_SUCCESS, frame.Site, context.Index);
        RecordNote(start.Svm.Lpid, $"SVM CPU started at 0x{start.Address:x}");
        Advance(thread, context, default);
    }

    private void Complete(IThread thread, UvContext context, long result)
    {
        if (context.PendingCall is { } call)
        {
            // UV_ESM leaves the registers of a kernel entry behind.
            if (call != UltraCall.UV_ESM)
                context.Registers.Gpr[3] = (ulong)result;
            RecordUltraCall(thread, context.Svm.Lpid, (ulong)call, context.PendingArguments, result, context.PendingSite, context.Index);
            context.PendingCall = null;
        }
        else if (context.PendingHypercall)
        {
            context.Registers.Gpr[3] = (ulong)result;
        }

        context.PendingHypercall = false;
    }

    private void Resume(IThread thread, UvContext context)
    {
        CpuState* s = thread.State;
        GuestRegisters registers = context.Registers;
        registers.Load(thread);
        s->Spr[SprNumber.HFSCR] = (s->Spr[SprNumber.HFSCR] & ~HfscrTransactional) | HfscrMessage;
        thread.ClearDoorbell();
        s->Spr[SprNumber.LPCR] &= ~LpcrOnline;
        Release(context);
        Leave(thread, registers.Nia, registers.Msr);
    }

    // The ultravisor's own hypercall on behalf of a guest CPU.
    private void CallHypervisor(IThread thread, UvContext context, HCall number, ulong[] arguments)
    {
        context.Reverse = number;
        RecordReverseCall(thread, context.Svm.Lpid, number, arguments, context.Index);
        PresentHypercall(thread, context, number, arguments);
    }

    // The rule that acts on a call that only the ultravisor makes: it stands in for the hypervisor's answer, or has another call made first.
    private Rule? RuleFor(UvContext context, Step step) =>
        HCallShape.IsReverse(step.Number) ? Rules.Match(isHypercall: true, (ulong)step.Number, context.Svm.Lpid, HypercallFrames(step.Number, step.Arguments)) : null;

    private void PresentHypercall(IThread thread, UvContext context, HCall number, ReadOnlySpan<ulong> arguments)
    {
        BreakAtHypercall(thread, context.Svm.Lpid, number, arguments);
        GuestRegisters registers = context.Registers;
        HideGuest(thread, context);
        CpuState* s = thread.State;
        s->Gpr[3] = (ulong)number;
        for (int n = 0; n < arguments.Length; n++)
            s->Gpr[4 + n] = arguments[n];
        if (number == HCall.H_CEDE)
            thread.Decrementer = (long)(registers.DecrementerExpiry - thread.TimeBase);

        // An operation's call is made for a CPU that can't take an interrupt now and may have been in user state when it left:
        // Linux refuses hypercalls of PR=1 and would inject with EE=1.
        ulong msr = context.Reverse is null ? registers.Msr : registers.Msr & ~(Msr.PR | Msr.EE);
        EnterHypervisor(thread, Vector.SystemCall, context.Cookie, (msr & ~Msr.HV) | Msr.S | (1UL << SaveRestore.LevelShift), registers.Msr);
    }

    // An interrupt of the guest that is the hypervisor's.
    private void ReflectInterrupt(IThread thread, UvContext context, Vector vector)
    {
        CpuState* s = thread.State;
        (ulong dar, ulong dsisr, ulong asdr) = (s->Spr[SprNumber.DAR], s->Spr[SprNumber.DSISR], s->Spr[SprNumber.ASDR]);
        (ulong hdar, ulong hdsisr) = (s->Spr[SprNumber.HDAR], s->Spr[SprNumber.HDSISR]);
        GuestRegisters registers = context.Registers;
        RecordInterrupt(thread, context.Svm.Lpid, vector);
        HideGuest(thread, context);
        switch (vector)
        {
            case Vector.MachineCheck:
                s->Spr[SprNumber.DAR] = dar;
                s->Spr[SprNumber.DSISR] = dsisr;
                s->Spr[SprNumber.ASDR] = asdr;
                break;
            case Vector.HypervisorDataStorage:
                s->Spr[SprNumber.HDAR] = hdar;
                s->Spr[SprNumber.HDSISR] = hdsisr;
                s->Spr[SprNumber.ASDR] = asdr;
                break;
            case Vector.HypervisorInstructionStorage:
                s->Spr[SprNumber.HDAR] = hdar;
                s->Spr[SprNumber.ASDR] = asdr;
                break;
        }

        EnterHypervisor(thread, vector, context.Cookie, (registers.Msr & ~Msr.HV) | Msr.S, registers.Msr);
    }

    // UV_ESM failed: the guest goes back as it was, presented as if it had made H_SVM_INIT_ABORT itself. Its registers are no secret yet.
    private void AbortToHypervisor(IThread thread, UvContext context, string reason)
    {
        Svm svm = context.Svm;
        svm.State = SvmState.Aborting;
        RecordLifeCycle(Occasion.SvmAbort, svm.Lpid, $"SVM aborted: {reason}");
        RecordUltraCall(thread, svm.Lpid, (ulong)UltraCall.UV_ESM, context.PendingArguments, UReturn.U_PARAMETER, context.PendingSite, context.Index);
        RecordReverseCall(thread, svm.Lpid, HCall.H_SVM_INIT_ABORT, [], context.Index);
        BreakAtHypercall(thread, svm.Lpid, HCall.H_SVM_INIT_ABORT, []);

        // Its answer goes to the guest, so the ultravisor never sees it.
        CountReverseCall(HCall.H_SVM_INIT_ABORT);
        GuestRegisters registers = context.Registers;
        registers.Load(thread);
        thread.State->Gpr[3] = (ulong)HCall.H_SVM_INIT_ABORT;
        Release(context);
        EnterHypervisor(thread, Vector.SystemCall, registers.Nia, (registers.Msr & ~Msr.S) | (1UL << SaveRestore.LevelShift), registers.Msr);
    }

    // The hypervisor ends an SVM that this CPU runs: it must not go on, not even by an instruction, in an SVM that comes next under the same LPID.
    // It is as if it had ceded just before, with a cookie that belongs to nobody.
    private void Evict(IThread thread)
    {
        ulong msr = thread.State->Msr;
        ulong cookie = NewCookie();
        HideGuest(thread, cookie);
        thread.State->Gpr[3] = (ulong)HCall.H_CEDE;
        EnterHypervisor(thread, Vector.SystemCall, cookie, (msr & ~Msr.PR) | Msr.S | (1UL << SaveRestore.LevelShift), msr);
    }

    private void HideGuest(IThread thread, UvContext context)
    {
        context.Cookie = NewCookie();
        contexts[context.Cookie] = context;
        HideGuest(thread, context.Cookie);
    }

    private static void HideGuest(IThread thread, ulong cookie)
    {
        GuestRegisters.Scrub(thread);
        CpuState* s = thread.State;
        s->Gpr[31] = cookie;
        s->Spr[SprNumber.HDAR] = 0;
        s->Spr[SprNumber.HDSISR] = 0;
        s->Spr[SprNumber.ASDR] = 0;
        thread.Decrementer = HiddenDecrementer;
    }

    // As the interrupt would have entered the hypervisor from a normal guest.
    private static void EnterHypervisor(IThread thread, Vector vector, ulong address, ulong saved, ulong guestMsr)
    {
        CpuState* s = thread.State;
        s->Spr[SprNumber.SRR0] = address;
        s->Spr[SprNumber.SRR1] = saved;
        s->Spr[SprNumber.HSRR0] = address;
        s->Spr[SprNumber.HSRR1] = saved;
        ulong msr = Msr.SF | Msr.HV | (guestMsr & FloatingPointBits);
        if (vector != Vector.MachineCheck)
            msr |= Msr.ME;
        if (UsesHsrr(vector))
            msr |= Msr.RI;
        if ((s->Spr[SprNumber.HID] & Hid0.HILE) != 0)
            msr |= Msr.LE;
        Leave(thread, (ulong)vector, msr);
    }
}
