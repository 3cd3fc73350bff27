using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Move to and from MSR, power-saving, attn (ISA 3.0B Book III 3.3.2, 5.4.4).</summary>
public static unsafe class MachineState
{
    // mtmsrd does not alter HV, S, ME, LE.
    private const ulong DoublewordKept = Msr.HV | Msr.S | Msr.ME | Msr.LE;

    [Insn("mfmsr", Form.X, 31, 83, "RT", "III 5.4.4", Privilege = Privilege.Privileged)]
    public static Insn* Mfmsr(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        s->Gpr[i->T] = s->Msr;
        return i + 1;
    }

    [Insn("mtmsrd", Form.X, 31, 178, "RS,L", "III 5.4.4", Privilege = Privilege.Privileged)]
    public static Insn* Mtmsrd<TBit15>(CpuState* s, Insn* i)
        where TBit15 : struct, IFlag
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        return TBit15.Set ? SetEeRi(s, i) : Set(s, i, s->Gpr[i->T], DoublewordKept);
    }

    [Insn("mtmsr", Form.X, 31, 146, "RS,L", "III 5.4.4", Privilege = Privilege.Privileged)]
    public static Insn* Mtmsr<TBit15>(CpuState* s, Insn* i)
        where TBit15 : struct, IFlag
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        return TBit15.Set ? SetEeRi(s, i) : Set(s, i, s->Gpr[i->T], DoublewordKept | 0xFFFFFFFF00000000);
    }

    /// <summary>Only the hypervisor may stop the thread (as QEMU has it): a guest could otherwise choose a state that nothing ends.</summary>
    [Insn("stop", Form.XL, 19, 370, "", "III 3.3.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Stop(CpuState* s, Insn* i)
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        s->Nia = Flow.Cia(s, i) + 4;
        Cpu.Of(s).Stopped = true;
        return null;
    }

    [Insn("attn", Form.X, 0, 256, "", "POWER9 UM")]
    public static Insn* Attn(CpuState* s, Insn* i)
    {
        if ((s->Spr[SprNumber.HID] & Hid0.EnableAttention) == 0)
            return Raise.EmulationAssistance(s, i);
        Cpu.Of(s).CheckStop($"attn at 0x{Flow.Cia(s, i):x}");
        s->Nia = Flow.Cia(s, i);
        return null;
    }

    [Insn("firmwaretrap", Form.X, 0, (int)((IFirmware.TrapWord >> 1) & 0x3FF), "", "-", Where = "00000000000011111010100100000000")]
    public static Insn* FirmwareTrap(CpuState* s, Insn* i)
    {
        Cpu cpu = Cpu.Of(s);
        const ulong Context = Msr.HV | Msr.PR | Msr.S | Msr.IR | Msr.DR;
        if (cpu.Firmware is null || (s->Msr & Context) != Msr.HV)
            return Raise.EmulationAssistance(s, i);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        s->Nia = Flow.Cia(s, i);
        HostWork work = HostWorkState.Enter(s, HostWork.Firmware);
        cpu.Firmware.Call(cpu);
        s->Work = work;
        return null;
    }

    // L=1 alters EE and RI only: no address space changes, and the run goes on unless an interrupt waits.
    private static Insn* SetEeRi(CpuState* s, Insn* i)
    {
        ulong value = s->Gpr[i->T];
        s->Msr = (s->Msr & ~(Msr.EE | Msr.RI)) | (value & (Msr.EE | Msr.RI));
        if ((value & Msr.EE) != 0)
            Cpu.Of(s).CheckPendingSoon();
        return i + 1;
    }

    private static Insn* Set(CpuState* s, Insn* i, ulong value, ulong kept)
    {
        ulong msr = (s->Msr & kept) | (value & ~kept);
        if ((value & Msr.PR) != 0)
            msr |= Msr.EE | Msr.IR | Msr.DR;
        s->Nia = Flow.Cia(s, i) + 4;
        Cpu.Of(s).SetMsr(msr, completing: 1);
        return null;
    }
}
