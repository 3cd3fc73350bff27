using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX absolute value, negative absolute value, negate and copy sign (ISA 3.0B Book I 7.6.3): bits only, NaNs included, FPSCR untouched.</summary>
public static unsafe class VsxSign
{
    private const ulong Sign64 = 1UL << 63;

    private static Vector128<ulong> Signs64 => Vector128.Create(Sign64);

    private static Vector128<uint> Signs32 => Vector128.Create(1u << 31);

    [Insn("xsabsdp", Form.XX2, 60, 345, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xsabsdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.SetScalar(s, i, *Vsr.High(s, i->B) & ~Sign64) : Facilities.NoVsx(s, i);

    [Insn("xsnabsdp", Form.XX2, 60, 361, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xsnabsdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.SetScalar(s, i, *Vsr.High(s, i->B) | Sign64) : Facilities.NoVsx(s, i);

    [Insn("xsnegdp", Form.XX2, 60, 377, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xsnegdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.SetScalar(s, i, *Vsr.High(s, i->B) ^ Sign64) : Facilities.NoVsx(s, i);

    [Insn("xscpsgndp", Form.XX3, 60, 176, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xscpsgndp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.SetScalar(s, i, (*Vsr.High(s, i->A) & Sign64) | (*Vsr.High(s, i->B) & ~Sign64)) : Facilities.NoVsx(s, i);

    [Insn("xvabsdp", Form.XX2, 60, 473, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvabsdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.AndNot(Vsr.B<ulong>(s, i), Signs64)) : Facilities.NoVsx(s, i);

    [Insn("xvnabsdp", Form.XX2, 60, 489, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvnabsdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.B<ulong>(s, i) | Signs64) : Facilities.NoVsx(s, i);

    [Insn("xvnegdp", Form.XX2, 60, 505, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvnegdp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.B<ulong>(s, i) ^ Signs64) : Facilities.NoVsx(s, i);

    [Insn("xvcpsgndp", Form.XX3, 60, 240, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvcpsgndp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.ConditionalSelect(Signs64, Vsr.A<ulong>(s, i), Vsr.B<ulong>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xvabssp", Form.XX2, 60, 409, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvabssp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.AndNot(Vsr.B<uint>(s, i), Signs32)) : Facilities.NoVsx(s, i);

    [Insn("xvnabssp", Form.XX2, 60, 425, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvnabssp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.B<uint>(s, i) | Signs32) : Facilities.NoVsx(s, i);

    [Insn("xvnegsp", Form.XX2, 60, 441, "XT,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvnegsp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.B<uint>(s, i) ^ Signs32) : Facilities.NoVsx(s, i);

    [Insn("xvcpsgnsp", Form.XX3, 60, 208, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xvcpsgnsp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.ConditionalSelect(Signs32, Vsr.A<uint>(s, i), Vsr.B<uint>(s, i))) : Facilities.NoVsx(s, i);
}
