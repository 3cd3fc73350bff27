using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Floating-point rounding and conversion (ISA 3.0B Book I 4.6.7).</summary>
public static unsafe class FpConversion
{
    [Insn("frsp[.]", Form.X, 63, 12, "FRT,FRB", "I 4.6.7.1", Facility = Facility.FloatingPoint)]
    public static Insn* Frsp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return FpCommit.Scalar<TRc>(s, i, FormatConversion.Convert<Binary64, Binary64, Binary32>(FpCommit.Scalar(s, i->B), FpCommit.Environment(s)));
    }

    // Bit 30 is the z of the mnemonic: toward zero instead of RN; bit 23 is the u: unsigned.
    [Insn("fctid[.]", Form.X, 63, 814, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctidz[.]", Form.X, 63, 815, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctidu[.]", Form.X, 63, 942, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctiduz[.]", Form.X, 63, 943, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    public static Insn* Fctid<TBit23, TBit30, TRc>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TBit30 : struct, IFlag
        where TRc : struct, IFlag =>
        ToInteger<TBit30, TRc>(s, i, TBit23.Set ? IntegerType.UnsignedDoubleword : IntegerType.SignedDoubleword);

    // The word stands in the low half; the high half, undefined in the ISA, extends it.
    [Insn("fctiw[.]", Form.X, 63, 14, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctiwz[.]", Form.X, 63, 15, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctiwu[.]", Form.X, 63, 142, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fctiwuz[.]", Form.X, 63, 143, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    public static Insn* Fctiw<TBit23, TBit30, TRc>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TBit30 : struct, IFlag
        where TRc : struct, IFlag =>
        ToInteger<TBit30, TRc>(s, i, TBit23.Set ? IntegerType.UnsignedWord : IntegerType.SignedWord);

    // Bit 3 tells opcode 63, double, from 59, single; bit 23 is the u: unsigned.
    [Insn("fcfid[.]", Form.X, 63, 846, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fcfidu[.]", Form.X, 63, 974, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fcfids[.]", Form.X, 59, 846, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    [Insn("fcfidus[.]", Form.X, 59, 974, "FRT,FRB", "I 4.6.7.2", Facility = Facility.FloatingPoint)]
    public static Insn* Fcfid<TBit3, TBit23, TRc>(CpuState* s, Insn* i)
        where TBit3 : struct, IFlag
        where TBit23 : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        FpResult result = TBit23.Set
            ? (TBit3.Set ? IntegerConversion.FromUnsigned<Binary64, Binary64>(b, env) : IntegerConversion.FromUnsigned<Binary64, Binary32>(b, env))
            : (TBit3.Set ? IntegerConversion.FromSigned<Binary64, Binary64>((long)b, env) : IntegerConversion.FromSigned<Binary64, Binary32>((long)b, env));
        return FpCommit.Scalar<TRc>(s, i, result);
    }

    [Insn("frin[.]", Form.X, 63, 392, "FRT,FRB", "I 4.6.7.3", Facility = Facility.FloatingPoint)]
    public static Insn* Frin<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        ToIntegral<TRc>(s, i, RoundingMode.NearestAway);

    [Insn("friz[.]", Form.X, 63, 424, "FRT,FRB", "I 4.6.7.3", Facility = Facility.FloatingPoint)]
    public static Insn* Friz<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        ToIntegral<TRc>(s, i, RoundingMode.TowardZero);

    [Insn("frip[.]", Form.X, 63, 456, "FRT,FRB", "I 4.6.7.3", Facility = Facility.FloatingPoint)]
    public static Insn* Frip<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        ToIntegral<TRc>(s, i, RoundingMode.TowardPositive);

    [Insn("frim[.]", Form.X, 63, 488, "FRT,FRB", "I 4.6.7.3", Facility = Facility.FloatingPoint)]
    public static Insn* Frim<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        ToIntegral<TRc>(s, i, RoundingMode.TowardNegative);

    private static Insn* ToInteger<TZero, TRc>(CpuState* s, Insn* i, IntegerType type)
        where TZero : struct, IFlag
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        FpEnvironment env = FpCommit.Environment(s);
        RoundingMode mode = TZero.Set ? RoundingMode.TowardZero : env.Rounding;
        return FpCommit.Scalar<TRc>(s, i, IntegerConversion.To<Binary64>(FpCommit.Scalar(s, i->B), type, mode, env));
    }

    private static Insn* ToIntegral<TRc>(CpuState* s, Insn* i, RoundingMode mode)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        return FpCommit.Scalar<TRc>(s, i, RoundToIntegral.Compute<Binary64>(FpCommit.Scalar(s, i->B), mode, false, FpCommit.Environment(s)));
    }
}
