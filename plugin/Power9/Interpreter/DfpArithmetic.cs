using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Decimal floating-point arithmetic (ISA 3.0B Book I 5.6.1).</summary>
public static unsafe class DfpArithmetic
{
    [Insn("dadd[.]", Form.X, 59, 2, "FRT,FRA,FRB", "I 5.6.1", Facility = Facility.FloatingPoint)]
    [Insn("daddq[.]", Form.X, 63, 2, "FRTp,FRAp,FRBp", "I 5.6.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenTAB)]
    public static Insn* Dadd<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalSum.Add(a, b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }

    [Insn("dsub[.]", Form.X, 59, 514, "FRT,FRA,FRB", "I 5.6.1", Facility = Facility.FloatingPoint)]
    [Insn("dsubq[.]", Form.X, 63, 514, "FRTp,FRAp,FRBp", "I 5.6.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenTAB)]
    public static Insn* Dsub<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalSum.Subtract(a, b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }

    [Insn("dmul[.]", Form.X, 59, 34, "FRT,FRA,FRB", "I 5.6.1", Facility = Facility.FloatingPoint)]
    [Insn("dmulq[.]", Form.X, 63, 34, "FRTp,FRAp,FRBp", "I 5.6.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenTAB)]
    public static Insn* Dmul<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalProduct.Multiply(a, b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }

    [Insn("ddiv[.]", Form.X, 59, 546, "FRT,FRA,FRB", "I 5.6.1", Facility = Facility.FloatingPoint)]
    [Insn("ddivq[.]", Form.X, 63, 546, "FRTp,FRAp,FRBp", "I 5.6.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenTAB)]
    public static Insn* Ddiv<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalProduct.Divide(a, b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }
}
