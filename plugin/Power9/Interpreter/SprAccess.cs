using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>mfspr, mtspr, mftb (ISA 3.0B Book III 5.4.4), by the rows of <see cref="SprTable"/>.</summary>
public static unsafe class SprAccess
{
    [Insn("mfspr", Form.XFX, 31, 339, "RT,SPR", "III 5.4.4")]
    [Insn("mftb", Form.XFX, 31, 371, "RT,SPR", "II 6.2.1")]
    public static Insn* Mfspr(CpuState* s, Insn* i)
    {
        SprRow? row = SprTable.Find(i->Imm);
        if (row?.Read is { } needed && Level(s) >= needed && (row.Facility < 0 || (Enabled(s, row.Facility) && MonitorAccess.MayRead(s, i->Imm))))
        {
            s->Gpr[i->T] = row.Special ? Cpu.Of(s).ReadSpecialSpr(i->Imm) : s->Spr[i->Imm];
            return i + 1;
        }

        return Refuse(s, i, row, row?.Read);
    }

    [Insn("mtspr", Form.XFX, 31, 467, "SPR,RS", "III 5.4.4")]
    public static Insn* Mtspr(CpuState* s, Insn* i)
    {
        SprRow? row = SprTable.Find(i->Imm);
        if (row?.Write is { } needed && Level(s) >= needed && (row.Facility < 0 || (Enabled(s, row.Facility) && MonitorAccess.MayWrite(s, i->Imm))))
        {
            ulong value = s->Gpr[i->T];
            if (!row.Special)
            {
                s->Spr[i->Imm] = value;
                return i + 1;
            }

            if (IsUltravisorResource(s, i->Imm))
                return Raise.EmulationAssistance(s, i);
            Cpu cpu = Cpu.Of(s);
            if (s->Concurrent != 0 && cpu.ConcernsOthers(i->Imm, value))
                return Cpu.Postpone(s, i);
            if (i->Imm == SprNumber.URMOR)
                value = cpu.WithUrmorErratum(value, cpu.InstructionWordAt(i));
            cpu.WriteSpecialSpr(i->Imm, value);
            return i + 1;
        }

        if (row?.Write is not null && Enabled(s, row.Facility) && MonitorAccess.WriteIsIllegal(s, i->Imm))
            return Raise.EmulationAssistance(s, i);
        return Refuse(s, i, row, row?.Write);
    }

    private static Privilege Level(CpuState* s)
    {
        ulong msr = s->Msr;
        if ((msr & Msr.PR) != 0)
            return Privilege.Problem;
        if ((msr & Msr.HV) == 0)
            return Privilege.Privileged;
        return (msr & Msr.S) != 0 ? Privilege.Ultravisor : Privilege.Hypervisor;
    }

    // With the Secure Memory Facility on, these are written by the ultravisor only (Linux Documentation/powerpc/ultravisor.rst).
    private static bool IsUltravisorResource(CpuState* s, int number)
    {
        ulong smf = s->Spr[SprNumber.SMFCTRL];
        if ((smf & SmfCtrl.E) == 0 || (s->Msr & Msr.S) != 0)
            return false;
        return number switch
        {
            SprNumber.PTCR or SprNumber.LDBAR or SprNumber.IMC => true,
            SprNumber.CIABR or SprNumber.DAWR0 or SprNumber.DAWRX0 => (smf & SmfCtrl.D) != 0,
            _ => false,
        };
    }

    // HFSCR gates a guest; FSCR gates problem state. TM is not offered: MSR[TM] stays 0.
    internal static bool Enabled(CpuState* s, int facility)
    {
        ulong bit = 1UL << facility;
        if ((s->Msr & Msr.HV) == 0 && (s->Spr[SprNumber.HFSCR] & bit) == 0)
            return false;
        if (facility == FacilityNumber.TransactionalMemory)
            return (s->Msr & Msr.TM) != 0;
        return facility == FacilityNumber.PerformanceMonitor || (s->Msr & Msr.PR) == 0 || (s->Spr[SprNumber.FSCR] & bit) != 0;
    }

    /// <summary>Interrupt for a facility that is not <see cref="Enabled"/>: HFSCR's if it forbids, else FSCR's.</summary>
    internal static Insn* Unavailable(CpuState* s, Insn* i, int facility)
    {
        bool hypervisor = (s->Msr & Msr.HV) == 0 && (s->Spr[SprNumber.HFSCR] & (1UL << facility)) == 0;
        return Raise.FacilityUnavailable(s, i, hypervisor, facility);
    }

    private static Insn* Refuse(CpuState* s, Insn* i, SprRow? row, Privilege? needed)
    {
        bool problem = (s->Msr & Msr.PR) != 0;
        if (row is not null && needed is { } level && Level(s) >= level)
            return Unavailable(s, i, row.Facility);

        if (problem)
        {
            // spr[0] = 1 marks privileged numbers.
            return (i->Imm & 0x10) != 0 ? Raise.Program(s, i, ProgramCause.Privileged) : Raise.EmulationAssistance(s, i);
        }

        if (needed == Privilege.Ultravisor || i->Imm is 0 or 4 or 5 or 6 || (s->Spr[SprNumber.LPCR] & Lpcr.EVIRT) != 0)
            return Raise.EmulationAssistance(s, i);

        // Architected no-op; counted, so that a run says which numbers software tried.
        Cpu.Of(s).CountIgnoredSpr(i->Imm);
        return i + 1;
    }
}
