using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// System calls and returns from interrupts (ISA 3.0B Book III 3.3.1; urfid as of the Secure Memory Facility). Of the returns, rfid and rfscv are noted in CFAR, hrfid
/// is not: the hypervisor loads the guest's CFAR before it (Linux kvmppc_p9_enter_guest).
/// </summary>
public static unsafe class SystemLinkage
{
    // MSR bits that all return instructions take over as they are; EE, IR, DR also follow PR. SRR1 33:36 and 42:47 hold causes, not MSR bits.
    private const ulong Taken = Msr.Implemented & ~(Msr.HV | Msr.S | Msr.ME | Msr.EE | Msr.IR | Msr.DR);

    [Insn("sc", Form.SC, 17, 2, "LEV", "III 3.3.1")]
    public static Insn* Sc(CpuState* s, Insn* i)
    {
        int level = (i->Imm >> 5) & 0x7F;
        Cpu cpu = Cpu.Of(s);
        if (level > 2)
            return Raise.EmulationAssistance(s, i);
        if (s->Concurrent != 0 && (level == 2 || (level == 1 && (s->Msr & Msr.S) != 0)))
            return Cpu.Postpone(s, i);
        cpu.Deliver(Vector.SystemCall, Flow.Cia(s, i) + 4, 0, level);
        return null;
    }

    [Insn("scv", Form.SC, 17, 1, "LEV", "III 3.3.1")]
    public static Insn* Scv(CpuState* s, Insn* i)
    {
        if ((s->Msr & Msr.PR) != 0 && (s->Spr[SprNumber.FSCR] & (1UL << FacilityNumber.SystemCallVectored)) == 0)
            return Raise.FacilityUnavailable(s, i, hypervisor: false, FacilityNumber.SystemCallVectored);
        Cpu.Of(s).DeliverVectored(Flow.Cia(s, i) + 4, (i->Imm >> 5) & 0x7F);
        return null;
    }

    [Insn("rfid", Form.XL, 19, 18, "", "III 3.3.1", Privilege = Privilege.Privileged)]
    public static Insn* Rfid(CpuState* s, Insn* i)
    {
        if ((s->Msr & Msr.PR) != 0)
            return Raise.Program(s, i, ProgramCause.Privileged);
        s->Spr[SprNumber.CFAR] = Flow.Cia(s, i);
        return Return(s, s->Spr[SprNumber.SRR0], Supervisor(s->Msr, s->Spr[SprNumber.SRR1]));
    }

    [Insn("rfscv", Form.XL, 19, 82, "", "III 3.3.1", Privilege = Privilege.Privileged)]
    public static Insn* Rfscv(CpuState* s, Insn* i)
    {
        if ((s->Msr & Msr.PR) != 0)
            return Raise.Program(s, i, ProgramCause.Privileged);
        s->Spr[SprNumber.CFAR] = Flow.Cia(s, i);
        return Return(s, s->Spr[SprNumber.LR], Supervisor(s->Msr, s->Spr[SprNumber.CTR]));
    }

    [Insn("hrfid", Form.XL, 19, 274, "", "III 3.3.1", Privilege = Privilege.Hypervisor)]
    public static Insn* Hrfid(CpuState* s, Insn* i)
    {
        if ((s->Msr & Msr.PR) != 0 || (s->Msr & Msr.HV) == 0)
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        ulong image = s->Spr[SprNumber.HSRR1];

        // hrfid takes HV and ME from HSRR1, and can clear S but never set it.
        ulong msr = Merge(image) | (image & (Msr.HV | Msr.ME)) | (image & s->Msr & Msr.S);
        return Return(s, s->Spr[SprNumber.HSRR0], msr);
    }

    [Insn("urfid", Form.XL, 19, 306, "", "SMF", Privilege = Privilege.Ultravisor)]
    public static Insn* Urfid(CpuState* s, Insn* i)
    {
        if ((s->Msr & (Msr.S | Msr.HV | Msr.PR)) != (Msr.S | Msr.HV))
            return Privileges.Refuse(s, i, Privilege.Ultravisor);
        ulong image = s->Spr[SprNumber.USRR1];
        return Return(s, s->Spr[SprNumber.USRR0], Merge(image) | (image & (Msr.HV | Msr.ME | Msr.S)));
    }

    // rfid and rfscv: HV can only be given up, ME only changes in hypervisor state, S stays.
    private static ulong Supervisor(ulong msr, ulong image)
    {
        ulong result = Merge(image) | (msr & Msr.S);
        if ((msr & Msr.HV) != 0)
            return result | (image & (Msr.HV | Msr.ME));
        return result | (msr & Msr.ME);
    }

    // Problem state implies EE, IR and DR.
    private static ulong Merge(ulong image)
    {
        ulong msr = (image & Taken) | (image & (Msr.EE | Msr.IR | Msr.DR));
        return (image & Msr.PR) != 0 ? msr | Msr.EE | Msr.IR | Msr.DR : msr;
    }

    private static Insn* Return(CpuState* s, ulong address, ulong msr)
    {
        s->Nia = address & ~3UL;
        Cpu.Of(s).SetMsr(msr, completing: 1);
        return null;
    }
}
