using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Caching-inhibited loads and stores, hypervisor only (ISA 3.0B Book III 4.4.2).</summary>
public static unsafe class CacheInhibited
{
    [Insn("lbzcix", Form.X, 31, 853, "RT,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Lbzcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        if (!Access.Load<TMode>(s, i, Ea<TMode>(s, i), out byte value))
            return null;
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("lhzcix", Form.X, 31, 821, "RT,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Lhzcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        if (!Access.Load<TMode>(s, i, Ea<TMode>(s, i), out ushort value))
            return null;
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("lwzcix", Form.X, 31, 789, "RT,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Lwzcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        if (!Access.Load<TMode>(s, i, Ea<TMode>(s, i), out uint value))
            return null;
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("ldcix", Form.X, 31, 885, "RT,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Ldcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        if (!Access.Load<TMode>(s, i, Ea<TMode>(s, i), out ulong value))
            return null;
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("stbcix", Form.X, 31, 981, "RS,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Stbcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (byte)s->Gpr[i->T]) ? i + 1 : null;
    }

    [Insn("sthcix", Form.X, 31, 949, "RS,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Sthcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (ushort)s->Gpr[i->T]) ? i + 1 : null;
    }

    [Insn("stwcix", Form.X, 31, 917, "RS,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Stwcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (uint)s->Gpr[i->T]) ? i + 1 : null;
    }

    [Insn("stdcix", Form.X, 31, 1013, "RS,RA0,RB", "III 4.4.2", Privilege = Privilege.Hypervisor)]
    public static Insn* Stdcix<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Privileges.IsHypervisor(s))
            return Privileges.Refuse(s, i, Privilege.Hypervisor);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), s->Gpr[i->T]) ? i + 1 : null;
    }

    private static ulong Ea<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);
}
