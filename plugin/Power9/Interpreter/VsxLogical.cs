using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX logical operations and select (ISA 3.0B Book I 7.6.3).</summary>
public static unsafe class VsxLogical
{
    [Insn("xxland", Form.XX3, 60, 130, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxland(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.A<ulong>(s, i) & Vsr.B<ulong>(s, i)) : Facilities.NoVsx(s, i);

    [Insn("xxlandc", Form.XX3, 60, 138, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlandc(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.AndNot(Vsr.A<ulong>(s, i), Vsr.B<ulong>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxlor", Form.XX3, 60, 146, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlor(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.A<ulong>(s, i) | Vsr.B<ulong>(s, i)) : Facilities.NoVsx(s, i);

    [Insn("xxlxor", Form.XX3, 60, 154, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlxor(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.A<ulong>(s, i) ^ Vsr.B<ulong>(s, i)) : Facilities.NoVsx(s, i);

    [Insn("xxlnor", Form.XX3, 60, 162, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlnor(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, ~(Vsr.A<ulong>(s, i) | Vsr.B<ulong>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxlorc", Form.XX3, 60, 170, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlorc(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vsr.A<ulong>(s, i) | ~Vsr.B<ulong>(s, i)) : Facilities.NoVsx(s, i);

    [Insn("xxlnand", Form.XX3, 60, 178, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxlnand(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, ~(Vsr.A<ulong>(s, i) & Vsr.B<ulong>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxleqv", Form.XX3, 60, 186, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxleqv(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, ~(Vsr.A<ulong>(s, i) ^ Vsr.B<ulong>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxsel", Form.XX4, 60, 3, "XT,XA,XB,XC", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxsel(CpuState* s, Insn* i) =>
        Facilities.Vsx(s)
            ? Vsr.Set(s, i, Vector128.ConditionalSelect(Vsr.C<ulong>(s, i), Vsr.B<ulong>(s, i), Vsr.A<ulong>(s, i)))
            : Facilities.NoVsx(s, i);
}
