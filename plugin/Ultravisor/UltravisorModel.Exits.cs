using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Mmio;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>Interrupts that take an SVM out: what the ultravisor answers itself and what the hypervisor gets.</summary>
public sealed unsafe partial class UltravisorModel
{
    // Linux clears the top four bits of a guest real address, too (book3s_64_mmu_radix.c).
    private const ulong GuestRealMask = 0x0FFFFFFFFFFFF000;
    private const ulong PageOffset = 0xFFF;

    private void ServeExit(IThread thread, Vector vector, ulong nia, ulong msr)
    {
        CpuState* s = thread.State;
        s->Work = HostWork.Reflection;
        if (FindSvm(s->Spr[SprNumber.LPIDR]) is not { } svm)
        {
            thread.Stop($"interrupt {vector} from secure state at 0x{nia:x}, MSR 0x{msr:x}, but partition {s->Spr[SprNumber.LPIDR]} is no SVM");
            return;
        }

        if (svm.State == SvmState.Dead)
        {
            HaltThread(thread, svm, nia, msr);
            return;
        }

        switch (vector)
        {
            case Vector.SystemCall:
                ServeHypercall(thread, svm, nia, msr);
                break;
            case Vector.HypervisorDataStorage:
            case Vector.HypervisorInstructionStorage:
                ServeStorage(thread, svm, vector, nia, msr);
                break;
            case Vector.External when (s->Spr[SprNumber.LPCR] & Lpcr.MER) != 0 && (msr & Msr.EE) != 0:
                // The hypervisor asked for a mediated interrupt and the guest can take it now: it is the guest's own.
                Interrupt(thread, svm, nia, msr, Vector.External, 0);
                break;
            case Vector.HypervisorEmulationAssistance:
                Interrupt(thread, svm, nia, msr, Vector.Program, (ulong)ProgramCause.Illegal);
                break;
            case Vector.HypervisorFacilityUnavailable when s->Spr[SprNumber.HFSCR] >> 56 == FacilityNumber.TransactionalMemory:
                Interrupt(thread, svm, nia, msr, Vector.Program, (ulong)ProgramCause.Illegal);
                break;
            case Vector.SoftPatch:
                Leave(thread, nia, msr);
                break;
            default:
                ReflectInterrupt(thread, Saved(thread, svm, nia, msr), vector);
                break;
        }
    }

    private void ServeHypercall(IThread thread, Svm svm, ulong nia, ulong msr)
    {
        CpuState* s = thread.State;
        if ((msr & Msr.PR) != 0)
        {
            // sc 1 of a user program is a privilege error (Linux: kvmppc_handle_exit_hv). SRR0 names the instruction.
            Interrupt(thread, svm, nia - 4, msr, Vector.Program, (ulong)ProgramCause.Privileged);
            return;
        }

        var call = (HCall)s->Gpr[3];
        var frame = new CallFrame(thread, nia, msr);
        bool repeated = TakesReplay(frame, (ulong)call);
        if (!repeated && !HCallShape.IsReverse(call) && ApplyRule(frame, isHypercall: true, (ulong)call, svm.Lpid, null, out CallResult result))
        {
            if (result.HasCode)
                Answer(thread, nia, msr, result.Code);
            return;
        }

        switch (call)
        {
            case HCall.H_RANDOM:
                // From the ultravisor, so that the guest need not trust the hypervisor for it.
                s->Gpr[4] = random.Next();
                Answer(thread, nia, msr, UReturn.U_SUCCESS);
                return;
            case HCall.H_RTAS when svm.Rtas is not null:
                UvContext exchange = Saved(thread, svm, nia, msr);
                exchange.PendingHypercall = true;
                exchange.Operations.Push(new RtasExchange(s->Gpr[4]));
                Advance(thread, exchange, default);
                return;
        }

        if (HCallShape.IsReverse(call) || HCallShape.Of(call) is not { } shape)
        {
            RecordRefusedHypercall(thread, svm.Lpid, call);
            Answer(thread, nia, msr, UReturn.U_FUNCTION);
            return;
        }

        if (call == HCall.H_CEDE)
            msr |= Msr.EE;
        Span<ulong> inputs = stackalloc ulong[shape.Inputs];
        for (int n = 0; n < inputs.Length; n++)
            inputs[n] = s->Gpr[4 + n];
        UvContext context = Saved(thread, svm, nia, msr);
        context.Reflected = call;
        RecordReflection(thread, svm.Lpid, call, inputs, context.Index);
        PresentHypercall(thread, context, call, inputs);
    }

    private void ServeStorage(IThread thread, Svm svm, Vector vector, ulong nia, ulong msr)
    {
        CpuState* s = thread.State;
        ulong gpa = (s->Spr[SprNumber.ASDR] & GuestRealMask) | (s->Spr[SprNumber.HDAR] & PageOffset);
        ulong page = gpa & ~(SecureHeap.FrameSize - 1);
        ref GuestFrame frame = ref svm.Frame(page);
        if (Unsafe.IsNullRef(ref frame))
        {
            // A process table outside of memory is no device (as Linux has it: kvmppc_book3s_radix_page_fault). The hypervisor can put it there: the
            // access that found none must not show it a register.
            if (vector == Vector.HypervisorDataStorage && (s->Spr[SprNumber.HDSISR] & Dsisr.ProcessTable) != 0)
                InterruptStorage(thread, Saved(thread, svm, nia, msr));
            else if (vector == Vector.HypervisorDataStorage)
                ServeMmio(thread, svm, gpa, nia, msr);
            else
                ReflectInterrupt(thread, Saved(thread, svm, nia, msr), vector);
            return;
        }

        switch (frame.State)
        {
            case PageState.SECURE:
            case PageState.PSEUDO_SHARED:
            case PageState.PSEUDO_SHARED_INV:
                bool stale = svm.Tree.Mapped(page) != 0;
                if (!Pages.EnsureSecure(svm, page, ref frame))
                {
                    KillThread(thread, svm, nia, msr, $"no secure memory is left for guest address 0x{gpa:x}");
                    return;
                }

                // Absence is never cached; a fault on a mapped frame can only come from an old translation.
                if (stale)
                    FlushTranslations(svm.Lpid);
                Leave(thread, nia, msr);
                break;
            case PageState.PAGEDOUT:
                // A refusal leaves the frame as it is, and the guest tries again: so does the firmware.
                UvContext paging = Saved(thread, svm, nia, msr);
                paging.Operations.Push(new MakeResident(page));
                Advance(thread, paging, default);
                break;
            case PageState.SHARED_INV:
                ReflectInterrupt(thread, Saved(thread, svm, nia, msr), vector);
                break;
            case PageState.SHARED_IMPLICIT:
            case PageState.SHARED_IMPLICIT_INV:
                KillThread(thread, svm, nia, msr, $"guest touched 0x{gpa:x}, which is reserved for the ultravisor");
                break;
            case PageState.SHARED:
                FlushTranslations(svm.Lpid);
                Leave(thread, nia, msr);
                break;
            default:
                // Another CPU of the guest is sharing it: try again until that is over.
                Leave(thread, nia, msr);
                break;
        }
    }

    private void ServeMmio(IThread thread, Svm svm, ulong gpa, ulong nia, ulong msr)
    {
        CpuState* s = thread.State;
        if (!thread.TryFetch(msr, nia, out uint word))
        {
            // The code went away in between; fetching it again gives the right interrupt.
            Leave(thread, nia, msr);
            return;
        }

        if (StorageInstruction.Decode(word) is not { } instruction)
        {
            RecordNote(svm.Lpid, $"instruction 0x{word:x8} at 0x{nia:x} accesses 0x{gpa:x} outside of memory and is no simple load or store");
            Interrupt(thread, svm, nia, msr, Vector.Program, (ulong)ProgramCause.Illegal);
            return;
        }

        UvContext context = Saved(thread, svm, nia, msr);
        context.Operations.Push(new MmioAccess(instruction, gpa, s->Spr[SprNumber.HDAR]));
        Advance(thread, context, default);
    }

    private UvContext Saved(IThread thread, Svm svm, ulong nia, ulong msr)
    {
        UvContext context = NewContext(svm);
        context.Registers.Save(thread, nia, msr);
        return context;
    }

    private void Interrupt(IThread thread, Svm svm, ulong nia, ulong msr, Vector vector, ulong cause)
    {
        UvContext context = Saved(thread, svm, nia, msr);
        GuestInterrupt.Deliver(context.Registers, CurrentLpcr, vector, cause);
        Resume(thread, context);
    }

    private void InterruptStorage(IThread thread, UvContext context)
    {
        CpuState* s = thread.State;
        GuestInterrupt.DataStorage(context.Registers, CurrentLpcr, s->Spr[SprNumber.HDAR], s->Spr[SprNumber.HDSISR]);
        Resume(thread, context);
    }

    private static void Answer(IThread thread, ulong nia, ulong msr, long code)
    {
        thread.State->Gpr[3] = (ulong)code;
        Leave(thread, nia, msr);
    }

    private void KillThread(IThread thread, Svm svm, ulong nia, ulong msr, string reason)
    {
        UvContext context = Saved(thread, svm, nia, msr);
        Kill(context, reason);
        Advance(thread, context, default);
    }

    private void HaltThread(IThread thread, Svm svm, ulong nia, ulong msr) => KillThread(thread, svm, nia, msr, "");
}
