using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX loads and stores of one integer or doubleword (ISA 3.0B Book I 7.6.3). Single precision, which converts, is with floating point.</summary>
public static unsafe class VsxScalarStorage
{
    [Insn("lxsd", Form.DS, 57, 2, "VRT,DS(RA0)", "I 7.6.3", Facility = Facility.Vector)]
    public static Insn* Lxsd<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)i->Imm), out ulong value))
            return null;
        *Vsr.Quad(s, 32 + i->T) = (UInt128)value << 64;
        return i + 1;
    }

    [Insn("stxsd", Form.DS, 61, 2, "VRS,DS(RA0)", "I 7.6.3", Facility = Facility.Vector)]
    public static Insn* Stxsd<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        return Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)i->Imm), *Vsr.High(s, 32 + i->T)) ? i + 1 : null;
    }

    [Insn("lxsdx", Form.XX1, 31, 588, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxsdx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out ulong value) ? Vsr.SetScalar(s, i, value) : null;
    }

    [Insn("lxsiwax", Form.XX1, 31, 76, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxsiwax<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out uint value) ? Vsr.SetScalar(s, i, (ulong)(int)value) : null;
    }

    [Insn("lxsiwzx", Form.XX1, 31, 12, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxsiwzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out uint value) ? Vsr.SetScalar(s, i, value) : null;
    }

    [Insn("lxsibzx", Form.XX1, 31, 781, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxsibzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out byte value) ? Vsr.SetScalar(s, i, value) : null;
    }

    [Insn("lxsihzx", Form.XX1, 31, 813, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxsihzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out ushort value) ? Vsr.SetScalar(s, i, value) : null;
    }

    [Insn("stxsdx", Form.XX1, 31, 716, "XS,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Stxsdx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), *Vsr.High(s, i->T)) ? i + 1 : null;
    }

    [Insn("stxsiwx", Form.XX1, 31, 140, "XS,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Stxsiwx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (uint)*Vsr.High(s, i->T)) ? i + 1 : null;
    }

    [Insn("stxsibx", Form.XX1, 31, 909, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxsibx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (byte)*Vsr.High(s, i->T)) ? i + 1 : null;
    }

    [Insn("stxsihx", Form.XX1, 31, 941, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxsihx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return Access.Store<TMode>(s, i, Ea<TMode>(s, i), (ushort)*Vsr.High(s, i->T)) ? i + 1 : null;
    }

    private static ulong Ea<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);
}
