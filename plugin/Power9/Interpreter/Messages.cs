using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Doorbells (ISA 3.0B Book III 10). Type 5 in RB 32:36 is the only one there is; RB 44:63 is the target's PIR, or the thread in the core for msgsndp.</summary>
public static unsafe class Messages
{
    private const ulong DoorbellType = 5;

    [Insn("msgsnd", Form.X, 31, 206, "RB", "III 10.3", Privilege = Privilege.Hypervisor)]
    public static Insn* Msgsnd(CpuState* s, Insn* i)
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        ulong message = s->Gpr[i->B];
        if (((message >> 27) & 0x1F) == DoorbellType)
            Cpu.Of(s).Group.Find((uint)(message & 0xFFFFF))?.SetPending(PendingInterrupt.HypervisorDoorbell, true);
        return i + 1;
    }

    [Insn("msgclr", Form.X, 31, 238, "RB", "III 10.3", Privilege = Privilege.Hypervisor)]
    public static Insn* Msgclr(CpuState* s, Insn* i)
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        if (((s->Gpr[i->B] >> 27) & 0x1F) == DoorbellType)
            Cpu.Of(s).SetPending(PendingInterrupt.HypervisorDoorbell, false);
        return i + 1;
    }

    // One thread a core: the only thread a privileged doorbell can reach is the sender's own.
    [Insn("msgsndp", Form.X, 31, 142, "RB", "III 10.3", Privilege = Privilege.Privileged)]
    public static Insn* Msgsndp(CpuState* s, Insn* i) => Privileged(s, i, true);

    [Insn("msgclrp", Form.X, 31, 174, "RB", "III 10.3", Privilege = Privilege.Privileged)]
    public static Insn* Msgclrp(CpuState* s, Insn* i) => Privileged(s, i, false);

    [Insn("msgsync", Form.X, 31, 886, "", "III 10.3", Privilege = Privilege.Hypervisor)]
    public static Insn* Msgsync(CpuState* s, Insn* i) =>
        Privileges.IsHypervisor(s) ? i + 1 : Privileges.Refuse(s, i, Privilege.Hypervisor);

    private static Insn* Privileged(CpuState* s, Insn* i, bool send)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        if (!Privileges.IsHypervisor(s) && (s->Spr[SprNumber.HFSCR] & (1UL << FacilityNumber.MessagePrivileged)) == 0)
            return Raise.FacilityUnavailable(s, i, hypervisor: true, FacilityNumber.MessagePrivileged);
        ulong message = s->Gpr[i->B];
        if (((message >> 27) & 0x1F) == DoorbellType && (message & 0x7F) == 0)
            Cpu.Of(s).SetPending(PendingInterrupt.PrivilegedDoorbell, send);
        return i + 1;
    }
}
