using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX loads and stores of one single-precision number, which is double precision in the register (ISA 3.0B Book I 7.6.3).</summary>
public static unsafe class VsxSingleStorage
{
    [Insn("lxssp", Form.DS, 57, 3, "VRT,DS(RA0)", "I 7.6.3", Facility = Facility.Vector)]
    public static Insn* Lxssp<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Facilities.Vector(s) ? Load<TMode>(s, i, 32 + i->T, (ulong)i->Imm) : Facilities.NoVector(s, i);

    [Insn("stxssp", Form.DS, 61, 3, "VRS,DS(RA0)", "I 7.6.3", Facility = Facility.Vector)]
    public static Insn* Stxssp<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Facilities.Vector(s) ? Store<TMode>(s, i, 32 + i->T, (ulong)i->Imm) : Facilities.NoVector(s, i);

    [Insn("lxsspx", Form.XX1, 31, 524, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxsspx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Facilities.Vsx(s) ? Load<TMode>(s, i, i->T, s->Gpr[i->B]) : Facilities.NoVsx(s, i);

    [Insn("stxsspx", Form.XX1, 31, 652, "XS,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Stxsspx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Facilities.Vsx(s) ? Store<TMode>(s, i, i->T, s->Gpr[i->B]) : Facilities.NoVsx(s, i);

    private static Insn* Load<TMode>(CpuState* s, Insn* i, int vsr, ulong offset)
        where TMode : struct, IMode
    {
        if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + offset), out uint word))
            return null;
        *Vsr.Quad(s, vsr) = new UInt128(SingleFormat.Widen(word), 0);
        return i + 1;
    }

    private static Insn* Store<TMode>(CpuState* s, Insn* i, int vsr, ulong offset)
        where TMode : struct, IMode =>
        Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + offset), SingleFormat.Narrow(*Vsr.High(s, vsr))) ? i + 1 : null;
}
