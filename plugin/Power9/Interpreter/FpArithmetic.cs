using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Floating-point arithmetic (ISA 3.0B Book I 4.6.5, 4.6.6). Bit 3 of the word tells opcode 63, double, from 59, single.
/// </summary>
public static unsafe class FpArithmetic
{
    [Insn("fadd[.]", Form.A, 63, 21, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fadds[.]", Form.A, 59, 21, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fadd<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Addition.Add<Binary64, Binary64>(a, b, env) : Addition.Add<Binary64, Binary32>(a, b, env));
    }

    [Insn("fsub[.]", Form.A, 63, 20, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fsubs[.]", Form.A, 59, 20, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fsub<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Addition.Subtract<Binary64, Binary64>(a, b, env) : Addition.Subtract<Binary64, Binary32>(a, b, env));
    }

    [Insn("fmul[.]", Form.A, 63, 25, "FRT,FRA,FRC", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fmuls[.]", Form.A, 59, 25, "FRT,FRA,FRC", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fmul<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong a = FpCommit.Scalar(s, i->A), c = FpCommit.Scalar(s, i->C);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Multiplication.Multiply<Binary64, Binary64>(a, c, env) : Multiplication.Multiply<Binary64, Binary32>(a, c, env));
    }

    [Insn("fdiv[.]", Form.A, 63, 18, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fdivs[.]", Form.A, 59, 18, "FRT,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fdiv<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Division.Divide<Binary64, Binary64>(a, b, env) : Division.Divide<Binary64, Binary32>(a, b, env));
    }

    [Insn("fsqrt[.]", Form.A, 63, 22, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fsqrts[.]", Form.A, 59, 22, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fsqrt<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? SquareRoot.Of<Binary64, Binary64>(b, env) : SquareRoot.Of<Binary64, Binary32>(b, env));
    }

    [Insn("fre[.]", Form.A, 63, 24, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("fres[.]", Form.A, 59, 24, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Fre<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Estimate.Reciprocal<Binary64, Binary64>(b, env) : Estimate.Reciprocal<Binary64, Binary32>(b, env));
    }

    [Insn("frsqrte[.]", Form.A, 63, 26, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    [Insn("frsqrtes[.]", Form.A, 59, 26, "FRT,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Frsqrte<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? Estimate.ReciprocalSquareRoot<Binary64, Binary64>(b, env) : Estimate.ReciprocalSquareRoot<Binary64, Binary32>(b, env));
    }

    // The extended opcodes count 28 msub, 29 madd, 30 nmsub, 31 nmadd: bit 29 negates, bit 30 adds.
    [Insn("fmadd[.]", Form.A, 63, 29, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fmadds[.]", Form.A, 59, 29, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fmsub[.]", Form.A, 63, 28, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fmsubs[.]", Form.A, 59, 28, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fnmadd[.]", Form.A, 63, 31, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fnmadds[.]", Form.A, 59, 31, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fnmsub[.]", Form.A, 63, 30, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    [Insn("fnmsubs[.]", Form.A, 59, 30, "FRT,FRA,FRC,FRB", "I 4.6.6", Facility = Facility.FloatingPoint)]
    public static Insn* Fmadd<TBit3, TBit29, TBit30, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TBit29 : struct, IFlag
        where TBit30 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        MultiplyAddForm form = (TBit30.Set ? MultiplyAddForm.Add : MultiplyAddForm.Subtract) | (TBit29.Set ? MultiplyAddForm.NegativeAdd : 0);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B), c = FpCommit.Scalar(s, i->C);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<TRc>(s, i, TBit3.Set ? MultiplyAdd.Compute<Binary64, Binary64>(a, c, b, form, env) : MultiplyAdd.Compute<Binary64, Binary32>(a, c, b, form, env));
    }
}
