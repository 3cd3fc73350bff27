using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Moves between GPRs and VSRs (ISA 3.0B Book I 7.6.3). The forms of ISA 2.07 ask for FP, not VSX, on VSR 0-31: they replace FPR moves.</summary>
public static unsafe class VsxMove
{
    [Insn("mfvsrd", Form.XX1, 31, 51, "RA,XS", "I 7.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Mfvsrd(CpuState* s, Insn* i)
    {
        if (!Facilities.FloatingPointOrVector(s, i->T))
            return Facilities.NoFloatingPointOrVector(s, i, i->T);
        s->Gpr[i->A] = *Vsr.High(s, i->T);
        return i + 1;
    }

    [Insn("mfvsrwz", Form.XX1, 31, 115, "RA,XS", "I 7.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Mfvsrwz(CpuState* s, Insn* i)
    {
        if (!Facilities.FloatingPointOrVector(s, i->T))
            return Facilities.NoFloatingPointOrVector(s, i, i->T);
        s->Gpr[i->A] = (uint)*Vsr.High(s, i->T);
        return i + 1;
    }

    [Insn("mfvsrld", Form.XX1, 31, 307, "RA,XS", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Mfvsrld(CpuState* s, Insn* i)
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        s->Gpr[i->A] = *Vsr.Low(s, i->T);
        return i + 1;
    }

    [Insn("mtvsrd", Form.XX1, 31, 179, "XT,RA", "I 7.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Mtvsrd(CpuState* s, Insn* i) =>
        Facilities.FloatingPointOrVector(s, i->T) ? Vsr.SetScalar(s, i, s->Gpr[i->A]) : Facilities.NoFloatingPointOrVector(s, i, i->T);

    [Insn("mtvsrwa", Form.XX1, 31, 211, "XT,RA", "I 7.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Mtvsrwa(CpuState* s, Insn* i) =>
        Facilities.FloatingPointOrVector(s, i->T) ? Vsr.SetScalar(s, i, (ulong)(int)s->Gpr[i->A]) : Facilities.NoFloatingPointOrVector(s, i, i->T);

    [Insn("mtvsrwz", Form.XX1, 31, 243, "XT,RA", "I 7.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Mtvsrwz(CpuState* s, Insn* i) =>
        Facilities.FloatingPointOrVector(s, i->T) ? Vsr.SetScalar(s, i, (uint)s->Gpr[i->A]) : Facilities.NoFloatingPointOrVector(s, i, i->T);

    [Insn("mtvsrdd", Form.XX1, 31, 435, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Mtvsrdd(CpuState* s, Insn* i) =>
        Facilities.VsxOrVector(s, i->T) ? Vsr.Set(s, i, Vector128.Create(s->Gpr[i->B], s->Gpr[i->A])) : Facilities.NoVsxOrVector(s, i, i->T);

    [Insn("mtvsrws", Form.XX1, 31, 403, "XT,RA", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Mtvsrws(CpuState* s, Insn* i) =>
        Facilities.VsxOrVector(s, i->T) ? Vsr.Set(s, i, Vector128.Create((uint)s->Gpr[i->A])) : Facilities.NoVsxOrVector(s, i, i->T);
}
