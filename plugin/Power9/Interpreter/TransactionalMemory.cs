using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Transactional memory is switched off: MSR[TM] is 0, so its instructions take Facility Unavailable (ISA 3.0B Book III 6.5.20).</summary>
public static unsafe class TransactionalMemory
{
    [Insn("tbegin.", Form.X, 31, 654, "R", "II 5.5")]
    [Insn("tend.", Form.X, 31, 686, "A", "II 5.5")]
    [Insn("tcheck", Form.X, 31, 718, "BF", "II 5.5")]
    [Insn("tsr.", Form.X, 31, 750, "L", "II 5.5")]
    [Insn("tabortwc.", Form.X, 31, 782, "TO,RA,RB", "II 5.5")]
    [Insn("tabortdc.", Form.X, 31, 814, "TO,RA,RB", "II 5.5")]
    [Insn("tabortwci.", Form.X, 31, 846, "TO,RA,SI", "II 5.5")]
    [Insn("tabortdci.", Form.X, 31, 878, "TO,RA,SI", "II 5.5")]
    [Insn("tabort.", Form.X, 31, 910, "RA", "II 5.5")]
    public static Insn* Unavailable(CpuState* s, Insn* i)
    {
        bool hypervisor = (s->Msr & Msr.HV) == 0 && (s->Spr[SprNumber.HFSCR] & (1UL << FacilityNumber.TransactionalMemory)) == 0;
        return Raise.FacilityUnavailable(s, i, hypervisor, FacilityNumber.TransactionalMemory);
    }

    [Insn("treclaim.", Form.X, 31, 942, "RA", "III 4.3", Privilege = Privilege.Privileged)]
    [Insn("trechkpt.", Form.X, 31, 1006, "", "III 4.3", Privilege = Privilege.Privileged)]
    public static Insn* PrivilegedUnavailable(CpuState* s, Insn* i) =>
        Privileges.IsPrivileged(s) ? Unavailable(s, i) : Privileges.Refuse(s, i, Privilege.Privileged);
}
