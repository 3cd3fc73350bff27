using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Decimal quantum adjustment (ISA 3.0B Book I 5.6.4).</summary>
public static unsafe class DfpQuantum
{
    [Insn("dquai[.]", Form.Z23, 59, 67, "TE,FRT,FRB,RMC", "I 5.6.4", Facility = Facility.FloatingPoint)]
    [Insn("dquaiq[.]", Form.Z23, 63, 67, "TE,FRTp,FRBp,RMC", "I 5.6.4", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Dquai<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        // TE is a signed field of five bits.
        int exponent = i->A << 27 >> 27;
        UInt128 b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalQuantum.Quantize(b, exponent, Dfp.Format<TBit3>(), Dfp.Environment(s, i, false)));
    }

    [Insn("dqua[.]", Form.Z23, 59, 3, "FRT,FRA,FRB,RMC", "I 5.6.4", Facility = Facility.FloatingPoint)]
    [Insn("dquaq[.]", Form.Z23, 63, 3, "FRTp,FRAp,FRBp,RMC", "I 5.6.4", Facility = Facility.FloatingPoint, Where = Dfp.EvenTAB)]
    public static Insn* Dqua<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 a = Dfp.Operand<TBit3>(s, i->A), b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalQuantum.Quantize(a, b, Dfp.Format<TBit3>(), Dfp.Environment(s, i, false)));
    }

    // FRA is one FPR in both.
    [Insn("drrnd[.]", Form.Z23, 59, 35, "FRT,FRA,FRB,RMC", "I 5.6.4", Facility = Facility.FloatingPoint)]
    [Insn("drrndq[.]", Form.Z23, 63, 35, "FRTp,FRA,FRBp,RMC", "I 5.6.4", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Drrnd<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        UInt128 b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalQuantum.Reround(Dfp.Significance(s, i), b, Dfp.Format<TBit3>(), Dfp.Environment(s, i, false)));
    }

    [Insn("drintx[.]", Form.Z23, 59, 99, "R,FRT,FRB,RMC", "I 5.6.4", Facility = Facility.FloatingPoint)]
    [Insn("drintxq[.]", Form.Z23, 63, 99, "R,FRTp,FRBp,RMC", "I 5.6.4", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Drintx<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return ToInteger<TBit3, TRc>(s, i, true);
    }

    [Insn("drintn[.]", Form.Z23, 59, 227, "R,FRT,FRB,RMC", "I 5.6.4", Facility = Facility.FloatingPoint)]
    [Insn("drintnq[.]", Form.Z23, 63, 227, "R,FRTp,FRBp,RMC", "I 5.6.4", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Drintn<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return ToInteger<TBit3, TRc>(s, i, false);
    }

    private static Insn* ToInteger<TQuad, TRc>(CpuState* s, Insn* i, bool inexact)
        where TQuad : struct, IFlag
        where TRc : struct, IFlag
    {
        DecimalEnvironment env = Dfp.Environment(s, i, FormFields.Bit((uint)i->Imm, 15));
        return Dfp.Commit<TQuad, TRc>(s, i, DecimalQuantum.ToInteger(Dfp.Operand<TQuad>(s, i->B), inexact, Dfp.Format<TQuad>(), env));
    }
}
