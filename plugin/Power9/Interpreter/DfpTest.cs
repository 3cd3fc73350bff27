using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Decimal comparisons and tests into a CR field (ISA 3.0B Book I 5.6.2, 5.6.3).</summary>
public static unsafe class DfpTest
{
    [Insn("dcmpu", Form.X, 59, 642, "BF,FRA,FRB", "I 5.6.2", Facility = Facility.FloatingPoint)]
    [Insn("dcmpuq", Form.X, 63, 642, "BF,FRAp,FRBp", "I 5.6.2", Facility = Facility.FloatingPoint, Where = Dfp.EvenAB)]
    public static Insn* Dcmpu<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Compare<TBit3>(s, i, false);
    }

    [Insn("dcmpo", Form.X, 59, 130, "BF,FRA,FRB", "I 5.6.2", Facility = Facility.FloatingPoint)]
    [Insn("dcmpoq", Form.X, 63, 130, "BF,FRAp,FRBp", "I 5.6.2", Facility = Facility.FloatingPoint, Where = Dfp.EvenAB)]
    public static Insn* Dcmpo<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Compare<TBit3>(s, i, true);
    }

    [Insn("dtstdc", Form.Z22, 59, 194, "BF,FRA,DCM", "I 5.6.3", Facility = Facility.FloatingPoint)]
    [Insn("dtstdcq", Form.Z22, 63, 194, "BF,FRAp,DCM", "I 5.6.3", Facility = Facility.FloatingPoint, Where = Dfp.EvenA)]
    public static Insn* Dtstdc<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A);
        return EnterMatch(s, i, DecimalDataTest.MatchesClass(a, FormFields.Bits((uint)i->Imm, 16, 21), Dfp.Format<TBit3>()));
    }

    [Insn("dtstdg", Form.Z22, 59, 226, "BF,FRA,DGM", "I 5.6.3", Facility = Facility.FloatingPoint)]
    [Insn("dtstdgq", Form.Z22, 63, 226, "BF,FRAp,DGM", "I 5.6.3", Facility = Facility.FloatingPoint, Where = Dfp.EvenA)]
    public static Insn* Dtstdg<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A);
        return EnterMatch(s, i, DecimalDataTest.MatchesGroup(a, FormFields.Bits((uint)i->Imm, 16, 21), Dfp.Format<TBit3>()));
    }

    [Insn("dtstex", Form.X, 59, 162, "BF,FRA,FRB", "I 5.6.3", Facility = Facility.FloatingPoint)]
    [Insn("dtstexq", Form.X, 63, 162, "BF,FRAp,FRBp", "I 5.6.3", Facility = Facility.FloatingPoint, Where = Dfp.EvenAB)]
    public static Insn* Dtstex<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return FpCompare.Enter(s, i, DecimalComparison.Exponents(a, b, Dfp.Format<TBit3>()), 0);
    }

    // FRA is one FPR in both.
    [Insn("dtstsf", Form.X, 59, 674, "BF,FRA,FRB", "I 5.6.3", Facility = Facility.FloatingPoint)]
    [Insn("dtstsfq", Form.X, 63, 674, "BF,FRA,FRBp", "I 5.6.3", Facility = Facility.FloatingPoint, Where = Dfp.EvenB)]
    public static Insn* Dtstsf<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        Relation relation = DecimalComparison.Significance(Dfp.Significance(s, i), Dfp.Operand<TBit3>(s, i->B), Dfp.Format<TBit3>());
        return FpCompare.Enter(s, i, relation, 0);
    }

    [Insn("dtstsfi", Form.X, 59, 675, "BF,UIM,FRB", "I 5.6.3", Facility = Facility.FloatingPoint)]
    [Insn("dtstsfiq", Form.X, 63, 675, "BF,UIM,FRBp", "I 5.6.3", Facility = Facility.FloatingPoint, Where = Dfp.EvenB)]
    public static Insn* Dtstsfi<TBit3>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        uint digits = FormFields.Bits((uint)i->Imm, 10, 15);
        return FpCompare.Enter(s, i, DecimalComparison.Significance(digits, Dfp.Operand<TBit3>(s, i->B), Dfp.Format<TBit3>()), 0);
    }

    private static Insn* Compare<TQuad>(CpuState* s, Insn* i, bool ordered)
        where TQuad : struct, IFlag
    {
        DecimalFormat format = Dfp.Format<TQuad>();
        UInt128 a = Dfp.Operand<TQuad>(s, i->A), b = Dfp.Operand<TQuad>(s, i->B);
        Relation relation = DecimalComparison.Values(a, b, format);
        uint status = relation == Relation.Unordered ? DecimalComparison.UnorderedStatus(a, b, ordered, format, Dfp.Environment(s)) : 0;
        return FpCompare.Enter(s, i, relation, status);
    }

    // The first bit is the sign of FRA, the third tells the match.
    private static Insn* EnterMatch(CpuState* s, Insn* i, bool match)
    {
        bool negative = FpCommit.Scalar(s, i->A) >> 63 != 0;
        return FpCompare.Enter(s, i, (negative ? Relation.Less : 0) | (match ? Relation.Equal : 0), 0);
    }
}
