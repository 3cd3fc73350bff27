using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX scalar conversions and rounding (ISA 3.0B Book I 7.6.1.7, 7.6.1.8).</summary>
public static unsafe class VsxScalarConversion
{
    [Insn("xsrsp", Form.XX2, 60, 281, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xsrsp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return FpCommit.Scalar<Off>(s, i, FormatConversion.Convert<Binary64, Binary64, Binary32>(FpCommit.Scalar(s, i->B), FpCommit.Environment(s)));
    }

    // POWER9 repeats a word result in the other word of the doubleword, here and below.
    [Insn("xscvdpsp", Form.XX2, 60, 265, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvdpsp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpResult word = FormatConversion.Convert<Binary64, Binary32, Binary32>(FpCommit.Scalar(s, i->B), FpCommit.Environment(s));
        return FpCommit.Scalar<Off>(s, i, new(word.Bits << 32 | word.Bits, word.Status));
    }

    [Insn("xscvdpspn", Form.XX2, 60, 267, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvdpspn(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong word = SingleFormat.Narrow(FpCommit.Scalar(s, i->B));
        FpCommit.SetScalar(s, i->T, word << 32 | word);
        return i + 1;
    }

    [Insn("xscvspdp", Form.XX2, 60, 329, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvspdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return FpCommit.Scalar<Off>(s, i, FormatConversion.Convert<Binary32, Binary64, Binary64>(FpCommit.Scalar(s, i->B) >> 32, FpCommit.Environment(s)));
    }

    [Insn("xscvspdpn", Form.XX2, 60, 331, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvspdpn(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.SetScalar(s, i->T, SingleFormat.Widen((uint)(FpCommit.Scalar(s, i->B) >> 32)));
        return i + 1;
    }

    // Half precision stands in the last halfword of doubleword 0.
    [Insn("xscvhpdp", Form.XX2, 60, 347, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10000................")]
    public static Insn* Xscvhpdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return FpCommit.Scalar<Off>(s, i, FormatConversion.Convert<Binary16, Binary64, Binary64>((ushort)FpCommit.Scalar(s, i->B), FpCommit.Environment(s)));
    }

    [Insn("xscvdphp", Form.XX2, 60, 347, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10001................")]
    public static Insn* Xscvdphp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return FpCommit.Scalar<Off>(s, i, FormatConversion.Convert<Binary64, Binary16, Binary16>(FpCommit.Scalar(s, i->B), FpCommit.Environment(s)));
    }

    // Bit 25 tells signed from unsigned; the conversions truncate.
    [Insn("xscvdpsxds", Form.XX2, 60, 344, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xscvdpuxds", Form.XX2, 60, 328, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvdpsxds<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        IntegerType type = TBit25.Set ? IntegerType.SignedDoubleword : IntegerType.UnsignedDoubleword;
        return FpCommit.Scalar<Off>(s, i, IntegerConversion.To<Binary64>(FpCommit.Scalar(s, i->B), type, RoundingMode.TowardZero, FpCommit.Environment(s)));
    }

    [Insn("xscvdpsxws", Form.XX2, 60, 88, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xscvdpuxws", Form.XX2, 60, 72, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvdpsxws<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        IntegerType type = TBit25.Set ? IntegerType.SignedWord : IntegerType.UnsignedWord;
        FpResult word = IntegerConversion.To<Binary64>(FpCommit.Scalar(s, i->B), type, RoundingMode.TowardZero, FpCommit.Environment(s));
        return FpCommit.Scalar<Off>(s, i, new(word.Bits << 32 | (uint)word.Bits, word.Status));
    }

    // Bit 23 tells double from single, bit 25 signed from unsigned.
    [Insn("xscvsxddp", Form.XX2, 60, 376, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xscvuxddp", Form.XX2, 60, 360, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xscvsxdsp", Form.XX2, 60, 312, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xscvuxdsp", Form.XX2, 60, 296, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xscvsxddp<TBit23, TBit25>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        FpResult result = TBit25.Set
            ? (TBit23.Set ? IntegerConversion.FromSigned<Binary64, Binary64>((long)b, env) : IntegerConversion.FromSigned<Binary64, Binary32>((long)b, env))
            : (TBit23.Set ? IntegerConversion.FromUnsigned<Binary64, Binary64>(b, env) : IntegerConversion.FromUnsigned<Binary64, Binary32>(b, env));
        return FpCommit.Scalar<Off>(s, i, result);
    }

    [Insn("xsrdpi", Form.XX2, 60, 73, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrdpi(CpuState* s, Insn* i) => Round(s, i, RoundingMode.NearestAway, false);

    [Insn("xsrdpic", Form.XX2, 60, 107, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrdpic(CpuState* s, Insn* i) => Round(s, i, FpCommit.Environment(s).Rounding, true);

    [Insn("xsrdpim", Form.XX2, 60, 121, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrdpim(CpuState* s, Insn* i) => Round(s, i, RoundingMode.TowardNegative, false);

    [Insn("xsrdpip", Form.XX2, 60, 105, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrdpip(CpuState* s, Insn* i) => Round(s, i, RoundingMode.TowardPositive, false);

    [Insn("xsrdpiz", Form.XX2, 60, 89, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrdpiz(CpuState* s, Insn* i) => Round(s, i, RoundingMode.TowardZero, false);

    private static Insn* Round(CpuState* s, Insn* i, RoundingMode mode, bool inexact)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return FpCommit.Scalar<Off>(s, i, RoundToIntegral.Compute<Binary64>(FpCommit.Scalar(s, i->B), mode, inexact, FpCommit.Environment(s)));
    }
}
