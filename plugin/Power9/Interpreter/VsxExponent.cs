using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX instructions on exponent, significand and data class (ISA 3.0B Book I 7.6.1.9, 7.6.1.10).</summary>
public static unsafe class VsxExponent
{
    private const int DoubleFraction = 52;
    private const ulong DoubleExponent = 0x7FF;
    private const ulong DoubleFractionMask = (1UL << DoubleFraction) - 1;

    [Insn("xsxexpdp", Form.XX2, 60, 347, "RT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........00000................")]
    public static Insn* Xsxexpdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        s->Gpr[i->T & 31] = ExponentOf(FpCommit.Scalar(s, i->B));
        return i + 1;
    }

    [Insn("xsxsigdp", Form.XX2, 60, 347, "RT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........00001................")]
    public static Insn* Xsxsigdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        s->Gpr[i->T & 31] = SignificandOf(FpCommit.Scalar(s, i->B));
        return i + 1;
    }

    [Insn("xsiexpdp", Form.XX1, 60, 918, "XT,RA,RB", "I 7.6.1.9", Facility = Facility.Vsx)]
    public static Insn* Xsiexpdp(CpuState* s, Insn* i) => Put(s, i, Join(s->Gpr[i->A], s->Gpr[i->B]), 0);

    [Insn("xvxexpdp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........00000................")]
    public static Insn* Xvxexpdp(CpuState* s, Insn* i) =>
        Put(s, i, ExponentOf(FpCommit.Scalar(s, i->B)), ExponentOf(FpCommit.Low(s, i->B)));

    [Insn("xvxsigdp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........00001................")]
    public static Insn* Xvxsigdp(CpuState* s, Insn* i) =>
        Put(s, i, SignificandOf(FpCommit.Scalar(s, i->B)), SignificandOf(FpCommit.Low(s, i->B)));

    [Insn("xvxexpsp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........01000................")]
    public static Insn* Xvxexpsp(CpuState* s, Insn* i) =>
        Put(s, i, SingleExponents(FpCommit.Scalar(s, i->B)), SingleExponents(FpCommit.Low(s, i->B)));

    [Insn("xvxsigsp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........01001................")]
    public static Insn* Xvxsigsp(CpuState* s, Insn* i) =>
        Put(s, i, SingleSignificands(FpCommit.Scalar(s, i->B)), SingleSignificands(FpCommit.Low(s, i->B)));

    [Insn("xviexpdp", Form.XX3, 60, 248, "XT,XA,XB", "I 7.6.1.9", Facility = Facility.Vsx)]
    public static Insn* Xviexpdp(CpuState* s, Insn* i) =>
        Put(s, i, Join(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B)), Join(FpCommit.Low(s, i->A), FpCommit.Low(s, i->B)));

    [Insn("xviexpsp", Form.XX3, 60, 216, "XT,XA,XB", "I 7.6.1.9", Facility = Facility.Vsx)]
    public static Insn* Xviexpsp(CpuState* s, Insn* i) =>
        Put(s, i, JoinSingles(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B)), JoinSingles(FpCommit.Low(s, i->A), FpCommit.Low(s, i->B)));

    [Insn("xscmpexpdp", Form.XX3, 60, 59, "BF,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpexpdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        bool unordered = Comparison.Compare<Binary64>(a, b) == Relation.Unordered;
        ulong left = ExponentOf(a), right = ExponentOf(b);
        return FpCompare.Enter(
            s, i, unordered ? Relation.Unordered : left < right ? Relation.Less : left > right ? Relation.Greater : Relation.Equal, 0);
    }

    [Insn("xststdcdp", Form.XX2, 60, 362, "BF,XB,DCMX", "I 7.6.1.10", Facility = Facility.Vsx)]
    public static Insn* Xststdcdp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        return EnterClass(s, i, b >> 63 != 0, DataClass.Matches<Binary64>(b, ScalarMask(i)), false);
    }

    [Insn("xststdcsp", Form.XX2, 60, 298, "BF,XB,DCMX", "I 7.6.1.10", Facility = Facility.Vsx)]
    public static Insn* Xststdcsp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        return EnterClass(s, i, b >> 63 != 0, DataClass.MatchesSingleInDouble(b, ScalarMask(i)), !DataClass.IsSingle(b));
    }

    // Bits 25 and 29 belong to the mask: DCMX is bit 25, bit 29, bits 11:15.
    [Insn("xvtstdcdp", Form.XX2, 60, -1, "XT,XB,DCMX", "I 7.6.1.10", Facility = Facility.Vsx, Where = "111100...............1111.101...")]
    public static Insn* Xvtstdcdp(CpuState* s, Insn* i)
    {
        uint mask = VectorMask(i);
        return Put(
            s,
            i,
            DataClass.Matches<Binary64>(FpCommit.Scalar(s, i->B), mask) ? ulong.MaxValue : 0,
            DataClass.Matches<Binary64>(FpCommit.Low(s, i->B), mask) ? ulong.MaxValue : 0);
    }

    [Insn("xvtstdcsp", Form.XX2, 60, -1, "XT,XB,DCMX", "I 7.6.1.10", Facility = Facility.Vsx, Where = "111100...............1101.101...")]
    public static Insn* Xvtstdcsp(CpuState* s, Insn* i)
    {
        uint mask = VectorMask(i);
        return Put(s, i, SingleClasses(FpCommit.Scalar(s, i->B), mask), SingleClasses(FpCommit.Low(s, i->B), mask));
    }

    [Insn("xstdivdp", Form.XX3, 60, 61, "BF,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xstdivdp(CpuState* s, Insn* i) =>
        Field(s, i, DivisionTest.Divide<Binary64>(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B)));

    [Insn("xstsqrtdp", Form.XX2, 60, 106, "BF,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xstsqrtdp(CpuState* s, Insn* i) => Field(s, i, DivisionTest.SquareRoot<Binary64>(FpCommit.Scalar(s, i->B)));

    [Insn("xvtdivdp", Form.XX3, 60, 125, "BF,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvtdivdp(CpuState* s, Insn* i) =>
        Field(
            s,
            i,
            DivisionTest.Divide<Binary64>(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B))
            | DivisionTest.Divide<Binary64>(FpCommit.Low(s, i->A), FpCommit.Low(s, i->B)));

    [Insn("xvtdivsp", Form.XX3, 60, 93, "BF,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvtdivsp(CpuState* s, Insn* i)
    {
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B), c = FpCommit.Low(s, i->A), d = FpCommit.Low(s, i->B);
        return Field(
            s,
            i,
            DivisionTest.Divide<Binary32>(a >> 32, b >> 32) | DivisionTest.Divide<Binary32>((uint)a, (uint)b)
            | DivisionTest.Divide<Binary32>(c >> 32, d >> 32) | DivisionTest.Divide<Binary32>((uint)c, (uint)d));
    }

    [Insn("xvtsqrtdp", Form.XX2, 60, 234, "BF,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvtsqrtdp(CpuState* s, Insn* i) =>
        Field(s, i, DivisionTest.SquareRoot<Binary64>(FpCommit.Scalar(s, i->B)) | DivisionTest.SquareRoot<Binary64>(FpCommit.Low(s, i->B)));

    [Insn("xvtsqrtsp", Form.XX2, 60, 170, "BF,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvtsqrtsp(CpuState* s, Insn* i)
    {
        ulong a = FpCommit.Scalar(s, i->B), c = FpCommit.Low(s, i->B);
        return Field(
            s,
            i,
            DivisionTest.SquareRoot<Binary32>(a >> 32) | DivisionTest.SquareRoot<Binary32>((uint)a)
            | DivisionTest.SquareRoot<Binary32>(c >> 32) | DivisionTest.SquareRoot<Binary32>((uint)c));
    }

    /// <summary>The outcome of a scalar data class test, in FPCC and the CR field: sign, 0, match, not a single.</summary>
    internal static Insn* EnterClass(CpuState* s, Insn* i, bool negative, bool match, bool notSingle) =>
        FpCompare.Enter(s, i, (negative ? Relation.Less : 0) | (match ? Relation.Equal : 0) | (notSingle ? Relation.Unordered : 0), 0);

    /// <summary>DCMX of the scalar forms.</summary>
    internal static uint ScalarMask(Insn* i) => FormFields.Bits((uint)i->Imm, 9, 15);

    private static uint VectorMask(Insn* i)
    {
        uint word = (uint)i->Imm;
        return (FormFields.Bits(word, 25, 25) << 6) | (FormFields.Bits(word, 29, 29) << 5) | FormFields.Bits(word, 11, 15);
    }

    private static ulong ExponentOf(ulong image) => (image >> DoubleFraction) & DoubleExponent;

    private static ulong SignificandOf(ulong image) =>
        (image & DoubleFractionMask) | (ExponentOf(image) is 0 or DoubleExponent ? 0 : 1UL << DoubleFraction);

    private static ulong Join(ulong signAndFraction, ulong exponent) =>
        (signAndFraction & ~(DoubleExponent << DoubleFraction)) | ((exponent & DoubleExponent) << DoubleFraction);

    private static ulong SingleExponents(ulong images) => (images >> 23) & 0x0000_00FF_0000_00FF;

    private static ulong SingleSignificands(ulong images) =>
        ((ulong)SingleSignificand((uint)(images >> 32)) << 32) | SingleSignificand((uint)images);

    private static uint SingleSignificand(uint image) =>
        (image & 0x007F_FFFF) | (((image >> 23) & 0xFF) is 0 or 0xFF ? 0 : 0x0080_0000u);

    private static ulong JoinSingles(ulong signsAndFractions, ulong exponents) =>
        (signsAndFractions & 0x807F_FFFF_807F_FFFF) | ((exponents & 0x0000_00FF_0000_00FF) << 23);

    private static ulong SingleClasses(ulong images, uint mask) =>
        (DataClass.Matches<Binary32>(images >> 32, mask) ? 0xFFFF_FFFF_0000_0000 : 0) | (DataClass.Matches<Binary32>((uint)images, mask) ? uint.MaxValue : 0);

    private static Insn* Put(CpuState* s, Insn* i, ulong high, ulong low)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.Set(s, i->T, high, low);
        return i + 1;
    }

    private static Insn* Field(CpuState* s, Insn* i, uint value)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        s->Cr[FpCompare.Field(i)] = (byte)value;
        return i + 1;
    }
}
