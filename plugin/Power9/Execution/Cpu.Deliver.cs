using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Interrupt delivery (ISA 3.0B Book III 6.4, 6.5) with the Secure Memory Facility's routing.</summary>
public sealed unsafe partial class Cpu
{
    // Instruction storage causes in SRR1 and HSRR1.
    private const uint FetchStatusMask = Dsisr.NoTranslation | Dsisr.NoExecute | Dsisr.Protection | Dsisr.KeyProtection | Dsisr.UnsupportedRadix | Dsisr.ReferenceChange | Dsisr.ProcessTable;

    /// <summary>Handles interrupts to ultravisor state, or null where a real image runs at URMOR.</summary>
    public IUltravisor? Ultravisor { get; set; }

    /// <summary>Interrupts taken so far, by vector / 0x20.</summary>
    public long[] InterruptCounts { get; } = new long[0x200];

    /// <summary>Interrupts taken so far.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Of these, the ones that interrupted hypervisor state.</summary>
    public long HypervisorDeliveries { get; private set; }

    /// <summary>Takes an interrupt.</summary>
    /// <param name="vector">Which.</param>
    /// <param name="address">Goes to SRR0 or HSRR0.</param>
    /// <param name="cause">Bits for SRR1 or HSRR1 33:36 and 42:47.</param>
    /// <param name="level">LEV of system call: 1 goes to the hypervisor, 2 to the ultravisor.</param>
    public void Deliver(Vector vector, ulong address, ulong cause, int level = 0)
    {
        CpuState* s = State;
        ulong msr = s->Msr;
        ulong lpcr = s->Spr[SprNumber.LPCR];
        bool smf = (s->Spr[SprNumber.SMFCTRL] & SmfCtrl.E) != 0;
        bool hypervisorSave = UsesHsrr(vector, lpcr);
        bool toHypervisor = hypervisorSave || vector is Vector.SystemReset or Vector.MachineCheck || (vector == Vector.SystemCall && level >= 1);

        // From an SVM every hypervisor-class interrupt goes to the ultravisor; sc 2 does from anywhere.
        bool toUltravisor = (smf && vector == Vector.SystemCall && level == 2) || (toHypervisor && (msr & (Msr.S | Msr.HV)) == Msr.S);
        if (toUltravisor && s->Concurrent != 0)
        {
            Postpone(address);
            return;
        }

        if ((msr & (Msr.S | Msr.HV)) == (Msr.S | Msr.HV))
        {
            CheckStop($"interrupt {vector} (0x{(int)vector:x}) in ultravisor state at 0x{address:x}: the ultravisor does not expect one");
            return;
        }

        if (vector == Vector.MachineCheck && (msr & Msr.ME) == 0)
        {
            CheckStop($"checkstop: machine check with MSR[ME]=0 at 0x{address:x}, DAR 0x{s->Spr[SprNumber.DAR]:x}, DSISR 0x{s->Spr[SprNumber.DSISR]:x}");
            return;
        }

        HostWork work = HostWorkState.Enter(s, HostWork.Interrupt);
        ulong saved = (msr & ~SaveRestore.CauseMask) | (cause & SaveRestore.CauseMask);
        if (toUltravisor && vector == Vector.SystemCall)
            saved |= (ulong)level << SaveRestore.LevelShift;
        s->Spr[hypervisorSave ? SprNumber.HSRR0 : SprNumber.SRR0] = address;
        s->Spr[hypervisorSave ? SprNumber.HSRR1 : SprNumber.SRR1] = saved;
        InterruptCounts[(int)vector >> 5]++;
        Deliveries++;
        if ((msr & Msr.HV) != 0)
            HypervisorDeliveries++;

        ulong next = Msr.SF | (msr & (Msr.ME | Msr.HV | Msr.S));
        if (hypervisorSave)
            next |= msr & Msr.RI;
        if (toHypervisor || toUltravisor)
            next |= Msr.HV;
        if (toUltravisor)
            next |= Msr.S;
        if (vector == Vector.MachineCheck)
            next &= ~Msr.ME;
        ulong target = (ulong)vector;
        if (!toUltravisor)
        {
            if (LittleEndianTarget((next & Msr.HV) != 0, lpcr))
                next |= Msr.LE;
            target = Relocate(vector, msr, next, lpcr, target, ref next);
        }

        s->ReserveValid = 0;
        s->Nia = target;
        Stopped = false;
        SetMsr(next, completing: vector == Vector.SystemCall ? 1 : 0);
        if (toUltravisor)
            Ultravisor?.Entered(this, vector);
        s->Work = work;
    }

    /// <summary>System call vectored: LR and CTR instead of SRR0 and SRR1 (ISA 3.0B Book III 6.5.23).</summary>
    internal void DeliverVectored(ulong address, int level)
    {
        CpuState* s = State;
        ulong msr = s->Msr;
        ulong lpcr = s->Spr[SprNumber.LPCR];
        s->Spr[SprNumber.LR] = address;
        s->Spr[SprNumber.CTR] = msr & ~SaveRestore.CauseMask;
        InterruptCounts[(int)Vector.SystemCallVectored >> 5]++;
        Deliveries++;
        if ((msr & Msr.HV) != 0)
            HypervisorDeliveries++;
        ulong next = Msr.SF | (msr & (Msr.ME | Msr.HV | Msr.S | Msr.EE | Msr.RI));
        if (LittleEndianTarget((msr & Msr.HV) != 0, lpcr))
            next |= Msr.LE;
        ulong target = 0x17000;
        int ail = AlternateLocation(msr, next, lpcr);
        if (ail != 0)
            next |= Msr.IR | Msr.DR;

        // AIL=2 turns relocation on, but only AIL=3 moves these vectors.
        if (ail == 3)
            target = 0xC000000000003000;
        s->ReserveValid = 0;
        s->Nia = target + ((ulong)level << 5);
        SetMsr(next, completing: 1);
    }

    private static bool UsesHsrr(Vector vector, ulong lpcr) =>
        SaveRestore.AlwaysHsrr(vector) || (vector == Vector.External && (lpcr & Lpcr.LPES) == 0);

    private bool LittleEndianTarget(bool hypervisor, ulong lpcr) =>
        hypervisor ? (State->Spr[SprNumber.HID] & Hid0.HILE) != 0 : (lpcr & Lpcr.ILE) != 0;

    // Alternate interrupt location (ISA 3.0B Book III 2.2, AIL).
    private static ulong Relocate(Vector vector, ulong msr, ulong target, ulong lpcr, ulong address, ref ulong next)
    {
        if (vector is Vector.SystemReset or Vector.MachineCheck or Vector.HypervisorMaintenance)
            return address;
        int ail = AlternateLocation(msr, target, lpcr);
        if (ail == 0)
            return address;
        next |= Msr.IR | Msr.DR;
        return address + (ail == 2 ? 0x18000UL : 0xC000000000004000);
    }

    // LPCR[AIL] if it applies, else 0: only with relocation on before. An interrupt that raises HV uses it if the partition is radix (LPCR[HR]=1):
    // Linux kvmppc_filter_lpcr_hv switches AIL off for guests on the POWER9s where that does harm; QEMU excp_helper.c has the table.
    private static int AlternateLocation(ulong msr, ulong target, ulong lpcr)
    {
        int ail = (int)((lpcr & Lpcr.AIL) >> Lpcr.AILShift);
        if (ail < 2 || (msr & (Msr.IR | Msr.DR)) != (Msr.IR | Msr.DR))
            return 0;
        return ((target ^ msr) & Msr.HV) != 0 && (lpcr & Lpcr.HR) == 0 ? 0 : ail;
    }

    private void DeliverDataFault(ulong cia, ulong ea, AccessKind kind, in Translation fault)
    {
        if (PostponeRefused(cia))
            return;
        CpuState* s = State;

        // A fault on the address of a process-scoped table is that of a load, or of the update of R and C, which says so itself.
        uint status = fault.Status | (kind == AccessKind.Store && (fault.Status & Dsisr.ProcessTable) == 0 ? Dsisr.Store : 0);
        switch (fault.Fault)
        {
            case TranslationFault.Segment:
                s->Spr[SprNumber.DAR] = ea;
                Deliver(Vector.DataSegment, cia, 0);
                break;
            case TranslationFault.Process:
                s->Spr[SprNumber.DAR] = ea;
                s->Spr[SprNumber.DSISR] = status;
                Deliver(Vector.DataStorage, cia, 0);
                break;
            case TranslationFault.Partition:
                s->Spr[SprNumber.HDAR] = ea;
                s->Spr[SprNumber.HDSISR] = status;
                s->Spr[SprNumber.ASDR] = fault.Asdr;
                Deliver(Vector.HypervisorDataStorage, cia, 0);
                break;
            case TranslationFault.SegmentMultihit:
                DeliverMachineCheck(cia, MachineCheckCause.LoadStoreSegment, ea);
                break;
            default:
                DeliverMachineCheck(cia, MachineCheckCause.LoadStoreWalk, ea);
                break;
        }
    }

    private void DeliverFetchFault(ulong ea, in Translation fault)
    {
        if (PostponeRefused(ea))
            return;
        CpuState* s = State;
        switch (fault.Fault)
        {
            case TranslationFault.Segment:
                Deliver(Vector.InstructionSegment, ea, 0);
                break;
            case TranslationFault.Process:
                Deliver(Vector.InstructionStorage, ea, fault.Status & FetchStatusMask);
                break;
            case TranslationFault.Partition when (fault.Status & Dsisr.ProcessTable) != 0:
                // The address of a process-scoped table did not translate: a data access of the walk, whatever started it (QEMU ppc_radix64_raise_hsi).
                DeliverDataFault(ea, ea, AccessKind.Load, fault);
                break;
            case TranslationFault.Partition:
                s->Spr[SprNumber.ASDR] = fault.Asdr;
                Deliver(Vector.HypervisorInstructionStorage, ea, fault.Status & FetchStatusMask);
                break;
            case TranslationFault.SegmentMultihit:
                DeliverMachineCheck(ea, MachineCheckCause.FetchSegment, ea);
                break;
            default:
                DeliverMachineCheck(ea, MachineCheckCause.FetchWalk, ea);
                break;
        }
    }

    private void DeliverMachineCheck(ulong cia, MachineCheckCause cause, ulong ea)
    {
        if (PostponeRefused(cia))
            return;
        CpuState* s = State;
        ulong srr1 = 0;
        switch (cause)
        {
            case MachineCheckCause.LoadStore:
            case MachineCheckCause.LoadStoreWalk:
            case MachineCheckCause.LoadStoreSegment:
                s->Spr[SprNumber.DAR] = ea;
                s->Spr[SprNumber.DSISR] = cause switch
                {
                    MachineCheckCause.LoadStore => 0x40,
                    MachineCheckCause.LoadStoreWalk => 0x20,
                    _ => 0x80,
                };
                srr1 = 1UL << (63 - 42);
                break;
            case MachineCheckCause.Fetch:
                srr1 = 0x080C0000;
                break;
            case MachineCheckCause.FetchWalk:
                srr1 = 0x08100000;
                break;
            case MachineCheckCause.FetchSegment:
                srr1 = 0x000C0000;
                break;
        }

        Deliver(Vector.MachineCheck, cia, srr1);
    }
}
