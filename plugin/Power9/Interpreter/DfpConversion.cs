using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Conversions between decimal formats and from and to integers (ISA 3.0B Book I 5.6.5).</summary>
public static unsafe class DfpConversion
{
    [Insn("dctdp[.]", Form.X, 59, 258, "FRT,FRB", "I 5.6.5.1", Facility = Facility.FloatingPoint)]
    public static Insn* Dctdp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Dfp.Commit<Off, TRc>(s, i, DecimalConversion.ShortToLong(FpCommit.Scalar(s, i->B)));
    }

    [Insn("dctqpq[.]", Form.X, 63, 258, "FRTp,FRB", "I 5.6.5.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenT)]
    public static Insn* Dctqpq<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Dfp.Commit<On, TRc>(s, i, DecimalConversion.LongToQuad(FpCommit.Scalar(s, i->B), Dfp.Environment(s)));
    }

    [Insn("drsp[.]", Form.X, 59, 770, "FRT,FRB", "I 5.6.5.1", Facility = Facility.FloatingPoint)]
    public static Insn* Drsp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Dfp.Commit<Off, TRc>(s, i, DecimalConversion.LongToShort(FpCommit.Scalar(s, i->B), Dfp.Environment(s)));
    }

    // The target is a pair: the long number, then zeros.
    [Insn("drdpq[.]", Form.X, 63, 770, "FRTp,FRBp", "I 5.6.5.1", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Drdpq<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Dfp.Commit<On, TRc>(s, i, DecimalConversion.QuadToLong(Dfp.Operand<On>(s, i->B), Dfp.Environment(s)));
    }

    [Insn("dcffix[.]", Form.X, 59, 802, "FRT,FRB", "I 5.6.5.2", Facility = Facility.FloatingPoint)]
    [Insn("dcffixq[.]", Form.X, 63, 802, "FRTp,FRB", "I 5.6.5.2", Facility = Facility.FloatingPoint, Where = Dfp.EvenT)]
    public static Insn* Dcffix<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        long b = (long)FpCommit.Scalar(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalFixedPoint.From(b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }

    [Insn("dctfix[.]", Form.X, 59, 290, "FRT,FRB", "I 5.6.5.2", Facility = Facility.FloatingPoint)]
    [Insn("dctfixq[.]", Form.X, 63, 290, "FRT,FRBp", "I 5.6.5.2", Facility = Facility.FloatingPoint, Where = Dfp.EvenB)]
    public static Insn* Dctfix<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<Off, TRc>(s, i, DecimalFixedPoint.To(b, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }
}
