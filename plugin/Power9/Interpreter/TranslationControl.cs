using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>TLB and SLB management (ISA 3.0B Book III 5.9.3).</summary>
public static unsafe class TranslationControl
{
    [Insn("tlbie", Form.X, 31, 306, "RB,RS,RIC,PRS,R", "III 5.9.3.3", Privilege = Privilege.Privileged)]
    public static Insn* Tlbie(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        bool hypervisor = Privileges.IsHypervisor(s);

        // Below hypervisor state only with LPCR[GTSE]=1.
        if (!hypervisor && ((s->Spr[SprNumber.LPCR] & Lpcr.GTSE) == 0 || IsPartitionScoped(i)))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        ulong rs = s->Gpr[i->T];
        ulong lpid = hypervisor ? rs & 0xFFF : s->Spr[SprNumber.LPIDR];
        Cpu.Of(s).TlbInvalidateBroadcast(new TlbInvalidation(lpid, rs >> 32, s->Gpr[i->B], (uint)i->Imm));
        return i + 1;
    }

    [Insn("tlbiel", Form.X, 31, 274, "RB,RS,RIC,PRS,R", "III 5.9.3.3", Privilege = Privilege.Privileged)]
    public static Insn* Tlbiel(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s) || (IsPartitionScoped(i) && !Privileges.IsHypervisor(s)))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        ulong rs = s->Gpr[i->T];
        Cpu.Of(s).TlbInvalidate(new TlbInvalidation(s->Spr[SprNumber.LPIDR], rs >> 32, s->Gpr[i->B], (uint)i->Imm));
        return i + 1;
    }

    [Insn("tlbsync", Form.X, 31, 566, "", "III 5.9.3.3", Privilege = Privilege.Privileged)]
    public static Insn* Tlbsync(CpuState* s, Insn* i) =>
        Privileges.IsPrivileged(s) ? Complete(s, i) : Privileges.Refuse(s, i, Privilege.Privileged);

    [Insn("slbia", Form.X, 31, 498, "IH", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbia(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);

        Cpu.Of(s).InvalidateSegments((i->Imm >> 21) & 7);
        return i + 1;
    }

    [Insn("slbie", Form.X, 31, 434, "RB", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    [Insn("slbieg", Form.X, 31, 466, "RS,RB", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbie(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        Cpu.Of(s).InvalidateSegment(s->Gpr[i->B]);
        return i + 1;
    }

    [Insn("slbsync", Form.X, 31, 338, "", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbsync(CpuState* s, Insn* i) =>
        Privileges.IsPrivileged(s) ? i + 1 : Privileges.Refuse(s, i, Privilege.Privileged);

    [Insn("slbmte", Form.X, 31, 402, "RS,RB", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbmte(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        Cpu.Of(s).WriteSegment(s->Gpr[i->B], s->Gpr[i->T]);
        return i + 1;
    }

    [Insn("slbmfee", Form.X, 31, 915, "RT,RB", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbmfee(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        s->Gpr[i->T] = Cpu.Of(s).Slb.Esid(s->Gpr[i->B]);
        return i + 1;
    }

    [Insn("slbmfev", Form.X, 31, 851, "RT,RB", "III 5.9.3.2", Privilege = Privilege.Privileged)]
    public static Insn* Slbmfev(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        s->Gpr[i->T] = Cpu.Of(s).Slb.Vsid(s->Gpr[i->B]);
        return i + 1;
    }

    /// <summary>The segment of an effective address; CR0 says whether there is one.</summary>
    [Insn("slbfee.", Form.X, 31, 979, "RT,RB", "III 5.9.3.2", Privilege = Privilege.Privileged, Where = "...............................1")]
    public static Insn* Slbfee(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        bool found = Cpu.Of(s).Slb.Find(s->Gpr[i->B], out SegmentDescriptor segment) != 0;
        s->Gpr[i->T] = segment.Word;
        s->Cr[0] = (byte)((found ? 2 : 0) | s->So);
        return i + 1;
    }

    /// <summary>Waits until tlbie of this thread has had its effect on all others, and goes on.</summary>
    internal static Insn* Complete(CpuState* s, Insn* i)
    {
        Cpu cpu = Cpu.Of(s);
        if (!cpu.HasInvalidations)
            return i + 1;
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        cpu.CompleteInvalidations();
        return i + 1;
    }

    // PRS=0 with R=1: partition-scoped radix entries belong to the hypervisor.
    private static bool IsPartitionScoped(Insn* i)
    {
        TlbInvalidation what = new(0, 0, 0, (uint)i->Imm);
        return what.Radix && !what.ProcessScoped;
    }
}
