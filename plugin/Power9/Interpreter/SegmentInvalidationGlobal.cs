using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>slbiag (ISA 3.0B Book III 5.9.3.2): all segments of the partition that RS names, on all threads.</summary>
public static unsafe class SegmentInvalidationGlobal
{
    // slbia's IH of that effect.
    private const int All = 4;

    [Insn("slbiag", Form.X, 31, 850, "RS", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbiag(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);

        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);

        // Below hypervisor state only the own partition's: a guest must not take the hypervisor's segments.
        ulong lpid = Privileges.IsHypervisor(s) ? (uint)s->Gpr[i->T] : s->Spr[SprNumber.LPIDR];
        foreach (Cpu cpu in Cpu.Of(s).Group.Cpus)
        {
            if (cpu.State->Spr[SprNumber.LPIDR] == lpid)
                cpu.InvalidateSegments(All);
        }

        return i + 1;
    }
}
