using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Asynchronous interrupts: what is pending, what MSR and LPCR let through, what ends power-saving.</summary>
public sealed unsafe partial class Cpu
{
    private PendingInterrupt pending;

    /// <summary>What is pending now.</summary>
    public PendingInterrupt Pending => pending;

    /// <summary>
    /// Sets or clears an interrupt's cause. Takes effect at the next instruction boundary. Call it on the thread that runs this CPU, or while it does not execute;
    /// on any with <see cref="CpuGroup.Exclusion"/>, and then it takes effect soon.
    /// </summary>
    public void SetPending(PendingInterrupt which, bool value)
    {
        if ((pending & which) == (value ? which : PendingInterrupt.None))
            return;
        if (!value)
        {
            Clear(which);
            return;
        }

        Interlocked.Or(ref Unsafe.As<PendingInterrupt, int>(ref pending), (int)which);
        if (Group.Exclusion is null || executingThread == Environment.CurrentManagedThreadId)
            State->StopAfterThisInstruction();
        else if (stopped)
            Group.Wake();
    }

    /// <summary>The interrupt controller's line: Hypervisor Virtualization, as POWER9 presents XIVE and XICS to the hypervisor.</summary>
    public void SetExternalInput(bool value) => SetPending(PendingInterrupt.HypervisorVirtualization, value);

    /// <summary>The interrupt controller's line to what runs under the hypervisor: External, as XIVE's OS ring presents it. A level.</summary>
    public void SetOsInput(bool value) => SetPending(PendingInterrupt.External, value);

    /// <summary>MSR[EE] was set: look at pending interrupts after this instruction.</summary>
    internal void CheckPendingSoon()
    {
        if (pending != PendingInterrupt.None || (State->Spr[SprNumber.LPCR] & Lpcr.MER) != 0)
            State->StopAfterThisInstruction();
    }

    // True if an interrupt was taken or power-saving ended.
    private bool TakePendingInterrupt()
    {
        CpuState* s = State;
        ulong lpcr = s->Spr[SprNumber.LPCR];
        if (pending == PendingInterrupt.None && (lpcr & Lpcr.MER) == 0)
            return false;
        bool woke = false;
        if (Stopped)
        {
            woke = WakeUp(lpcr);
            if (Stopped)
                return false;
        }

        ulong msr = s->Msr;
        bool ee = (msr & Msr.EE) != 0;
        bool hypervisorClass = ee || (msr & Msr.HV) == 0 || (msr & Msr.PR) != 0;
        if ((pending & PendingInterrupt.SystemReset) != 0)
        {
            return TakeOnce(Vector.SystemReset, PendingInterrupt.SystemReset);
        }

        if (hypervisorClass)
        {
            if ((pending & PendingInterrupt.HypervisorVirtualization) != 0 && (lpcr & Lpcr.HVICE) != 0)
                return Take(Vector.HypervisorVirtualization);
            if ((pending & PendingInterrupt.HypervisorDoorbell) != 0)
                return TakeOnce(Vector.HypervisorDoorbell, PendingInterrupt.HypervisorDoorbell);

            if ((pending & PendingInterrupt.HypervisorDecrementer) != 0 && (lpcr & Lpcr.HDICE) != 0)
            {
                // The exception is an edge: taking the interrupt ends it (Linux exceptions-64s.S, hdecrementer_common).
                return TakeOnce(Vector.HypervisorDecrementer, PendingInterrupt.HypervisorDecrementer);
            }
        }

        bool guest = (msr & Msr.HV) == 0;
        bool external = (pending & PendingInterrupt.External) != 0;
        if (external && ((ee && !ExternalBarred(lpcr, msr)) || (guest && (lpcr & Lpcr.LPES) == 0)))
            return Take(Vector.External);

        // Mediated external exception: only for a guest with EE=1 (ISA 3.0B Book III 2.2, MER).
        if ((lpcr & Lpcr.MER) != 0 && guest && ee)
            return Take(Vector.External);
        if (ee && (pending & PendingInterrupt.PrivilegedDoorbell) != 0)
            return TakeOnce(Vector.PrivilegedDoorbell, PendingInterrupt.PrivilegedDoorbell);

        if (ee && (pending & PendingInterrupt.PerformanceMonitor) != 0)
            return Take(Vector.PerformanceMonitor);
        if (ee && (pending & PendingInterrupt.Decrementer) != 0)
            return Take(Vector.Decrementer);
        return woke;
    }

    // LPCR[HEIC]: external interrupts do not reach hypervisor state (ISA 3.0B Book III 2.2).
    private static bool ExternalBarred(ulong lpcr, ulong msr) => (lpcr & Lpcr.HEIC) != 0 && (msr & (Msr.HV | Msr.PR)) == Msr.HV;

    private void Clear(PendingInterrupt which) => Interlocked.And(ref Unsafe.As<PendingInterrupt, int>(ref pending), ~(int)which);

    // An interrupt whose cause ends with it.
    private bool TakeOnce(Vector vector, PendingInterrupt cause)
    {
        Clear(cause);
        Take(vector);
        if (postponed)
            SetPending(cause, true);
        return true;
    }

    private bool Take(Vector vector)
    {
        Deliver(vector, State->Nia, 0);
        return true;
    }

    // With PSSCR[EC]=0 any exception ends power-saving and execution goes on behind stop; with EC=1 those that LPCR[PECE] names do, and the thread resumes
    // at 0x100 (ISA 3.0B Book III 3.3.2; QEMU p9_next_unmasked_interrupt).
    private bool WakeUp(ulong lpcr)
    {
        const ulong ExitCriterion = 1UL << 20;
        CpuState* s = State;
        if ((s->Spr[SprNumber.PSSCR] & ExitCriterion) == 0)
        {
            PendingInterrupt masked = PendingInterrupt.None;
            if ((lpcr & Lpcr.HVICE) == 0)
                masked |= PendingInterrupt.HypervisorVirtualization;
            if ((lpcr & Lpcr.HDICE) == 0)
                masked |= PendingInterrupt.HypervisorDecrementer;
            if (ExternalBarred(lpcr, s->Msr))
                masked |= PendingInterrupt.External;
            if ((pending & ~masked) == 0)
                return false;
            Stopped = false;
            return true;
        }

        ulong reason;
        if ((pending & PendingInterrupt.SystemReset) != 0)
            reason = 4;
        else if ((pending & PendingInterrupt.HypervisorVirtualization) != 0 && (lpcr & Lpcr.PECE_HypervisorVirtualization) != 0)
            reason = 9;
        else if ((pending & PendingInterrupt.HypervisorDoorbell) != 0 && (lpcr & Lpcr.PECE_HypervisorDoorbell) != 0)
            reason = 3;
        else if ((pending & PendingInterrupt.External) != 0 && (lpcr & Lpcr.PECE_External) != 0 && !ExternalBarred(lpcr, s->Msr))
            reason = 8;
        else if ((pending & PendingInterrupt.Decrementer) != 0 && (lpcr & Lpcr.PECE_Decrementer) != 0)
            reason = 6;
        else if ((pending & PendingInterrupt.PrivilegedDoorbell) != 0 && (lpcr & Lpcr.PECE_PrivilegedDoorbell) != 0)
            reason = 5;
        else
            return false;

        Stopped = false;

        // SRR1 42:45 the reason, 46:47 = 1: no state was lost.
        Deliver(Vector.SystemReset, s->Nia, (reason << (63 - 45)) | (1UL << (63 - 47)));
        Clear(PendingInterrupt.SystemReset);
        return true;
    }
}
