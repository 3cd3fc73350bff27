using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Access to the parts of a decimal number (ISA 3.0B Book I 5.6.6).</summary>
public static unsafe class DfpFormat
{
    // SP (bits 11:12): signed, and which plus.
    [Insn("ddedpd[.]", Form.X, 59, 322, "SP,FRT,FRB", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("ddedpdq[.]", Form.X, 63, 322, "SP,FRTp,FRBp", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Ddedpd<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        uint word = (uint)i->Imm;
        UInt128 b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Move<TBit3, TRc>(s, i, DecimalBcd.Decode(b, FormFields.Bit(word, 11), FormFields.Bit(word, 12), Dfp.Format<TBit3>()));
    }

    // S (bit 11): signed.
    [Insn("denbcd[.]", Form.X, 59, 834, "S,FRT,FRB", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("denbcdq[.]", Form.X, 63, 834, "S,FRTp,FRBp", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Denbcd<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        bool signed = FormFields.Bit((uint)i->Imm, 11);
        UInt128 b = Dfp.Operand<TBit3>(s, i->B);
        return Dfp.Commit<TBit3, TRc>(s, i, DecimalBcd.Encode(b, signed, Dfp.Format<TBit3>(), Dfp.Environment(s)));
    }

    [Insn("dxex[.]", Form.X, 59, 354, "FRT,FRB", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("dxexq[.]", Form.X, 63, 354, "FRT,FRBp", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenB)]
    public static Insn* Dxex<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return Dfp.Move<Off, TRc>(s, i, (ulong)DecimalExponent.Extract(Dfp.Operand<TBit3>(s, i->B), Dfp.Format<TBit3>()));
    }

    // FRA is one FPR in both.
    [Insn("diex[.]", Form.X, 59, 866, "FRT,FRA,FRB", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("diexq[.]", Form.X, 63, 866, "FRTp,FRA,FRBp", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenTB)]
    public static Insn* Diex<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        long biased = (long)FpCommit.Scalar(s, i->A);
        return Dfp.Move<TBit3, TRc>(s, i, DecimalExponent.Insert(biased, Dfp.Operand<TBit3>(s, i->B), Dfp.Format<TBit3>()));
    }

    [Insn("dscli[.]", Form.Z22, 59, 66, "FRT,FRA,SH", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("dscliq[.]", Form.Z22, 63, 66, "FRTp,FRAp,SH", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenTA)]
    public static Insn* Dscli<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        int digits = (int)FormFields.Bits((uint)i->Imm, 16, 21);
        return Dfp.Move<TBit3, TRc>(s, i, DecimalSignificand.ShiftLeft(Dfp.Operand<TBit3>(s, i->A), digits, Dfp.Format<TBit3>()));
    }

    [Insn("dscri[.]", Form.Z22, 59, 98, "FRT,FRA,SH", "I 5.6.6", Facility = Facility.FloatingPoint)]
    [Insn("dscriq[.]", Form.Z22, 63, 98, "FRTp,FRAp,SH", "I 5.6.6", Facility = Facility.FloatingPoint, Where = Dfp.EvenTA)]
    public static Insn* Dscri<TBit3, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        int digits = (int)FormFields.Bits((uint)i->Imm, 16, 21);
        return Dfp.Move<TBit3, TRc>(s, i, DecimalSignificand.ShiftRight(Dfp.Operand<TBit3>(s, i->A), digits, Dfp.Format<TBit3>()));
    }
}
