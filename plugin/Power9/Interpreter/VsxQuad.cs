using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// VSX quad-precision arithmetic and conversions, on VRs (ISA 3.0B Book I 7.6.1.3, 7.6.1.7, 7.6.1.8). Bit 31 of the word,
/// the o of the mnemonic, asks for round to odd.
/// </summary>
public static unsafe class VsxQuad
{
    [Insn("xsaddqp", Form.X, 63, 4, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsaddqpo", Form.X, 63, 4, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xsaddqp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, Addition.AddQuad(A(s, i), B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    [Insn("xssubqp", Form.X, 63, 516, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xssubqpo", Form.X, 63, 516, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xssubqp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, Addition.SubtractQuad(A(s, i), B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    [Insn("xsmulqp", Form.X, 63, 36, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsmulqpo", Form.X, 63, 36, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xsmulqp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, Multiplication.MultiplyQuad(A(s, i), B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    [Insn("xsdivqp", Form.X, 63, 548, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsdivqpo", Form.X, 63, 548, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xsdivqp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, Division.DivideQuad(A(s, i), B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    [Insn("xssqrtqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...........11011...............0")]
    [Insn("xssqrtqpo", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...........11011...............1")]
    public static Insn* Xssqrtqp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, SquareRoot.OfQuad(B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    // Bit 24 negates, bit 25 subtracts. VRT is the addend.
    [Insn("xsmaddqp", Form.X, 63, 388, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsmaddqpo", Form.X, 63, 388, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    [Insn("xsmsubqp", Form.X, 63, 420, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsmsubqpo", Form.X, 63, 420, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    [Insn("xsnmaddqp", Form.X, 63, 452, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsnmaddqpo", Form.X, 63, 452, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    [Insn("xsnmsubqp", Form.X, 63, 484, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsnmsubqpo", Form.X, 63, 484, "VRT,VRA,VRB", "I 7.6.1.3", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xsmaddqp<TBit24, TBit25, TBit31>(CpuState* s, Insn* i)
        where TBit24 : struct, IFlag
        where TBit25 : struct, IFlag
        where TBit31 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        MultiplyAddForm form = (TBit25.Set ? MultiplyAddForm.Subtract : MultiplyAddForm.Add) | (TBit24.Set ? MultiplyAddForm.NegativeAdd : 0);
        return FpCommit.Quad(s, i, MultiplyAdd.ComputeQuad(A(s, i), B(s, i), T(s, i), form, Environment<TBit31>(s)));
    }

    [Insn("xscpsgnqp", Form.X, 63, 100, "VRT,VRA,VRB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xscpsgnqp(CpuState* s, Insn* i) => Put(s, i, (A(s, i) & Sign) | (B(s, i) & ~Sign));

    [Insn("xsabsqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.2", Facility = Facility.Vsx, Where = "...........00000................")]
    public static Insn* Xsabsqp(CpuState* s, Insn* i) => Put(s, i, B(s, i) & ~Sign);

    [Insn("xsnabsqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.2", Facility = Facility.Vsx, Where = "...........01000................")]
    public static Insn* Xsnabsqp(CpuState* s, Insn* i) => Put(s, i, B(s, i) | Sign);

    [Insn("xsnegqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.2", Facility = Facility.Vsx, Where = "...........10000................")]
    public static Insn* Xsnegqp(CpuState* s, Insn* i) => Put(s, i, B(s, i) ^ Sign);

    [Insn("xsxexpqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........00010................")]
    public static Insn* Xsxexpqp(CpuState* s, Insn* i) => Put(s, i, (UInt128)Exponent(B(s, i)) << 64);

    [Insn("xsxsigqp", Form.X, 63, 804, "VRT,VRB", "I 7.6.1.9", Facility = Facility.Vsx, Where = "...........10010................")]
    public static Insn* Xsxsigqp(CpuState* s, Insn* i)
    {
        UInt128 b = B(s, i);
        UInt128 implied = Exponent(b) is 0 or SpecialExponent ? UInt128.Zero : UInt128.One << FractionBits;
        return Put(s, i, (b & ((UInt128.One << FractionBits) - 1)) | implied);
    }

    [Insn("xsiexpqp", Form.X, 63, 868, "VRT,VRA,VRB", "I 7.6.1.9", Facility = Facility.Vsx)]
    public static Insn* Xsiexpqp(CpuState* s, Insn* i)
    {
        UInt128 field = (UInt128)SpecialExponent << FractionBits;
        return Put(s, i, (A(s, i) & ~field) | (((B(s, i) >> 64) << FractionBits) & field));
    }

    [Insn("xscmpuqp", Form.X, 63, 644, "BF,VRA,VRB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpuqp(CpuState* s, Insn* i) => Compare(s, i, false);

    [Insn("xscmpoqp", Form.X, 63, 132, "BF,VRA,VRB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpoqp(CpuState* s, Insn* i) => Compare(s, i, true);

    [Insn("xscmpexpqp", Form.X, 63, 164, "BF,VRA,VRB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpexpqp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        UInt128 a = A(s, i), b = B(s, i);
        bool unordered = Comparison.CompareQuad(a, b) == Relation.Unordered;
        uint left = Exponent(a), right = Exponent(b);
        return FpCompare.Enter(
            s, i, unordered ? Relation.Unordered : left < right ? Relation.Less : left > right ? Relation.Greater : Relation.Equal, 0);
    }

    [Insn("xststdcqp", Form.X, 63, 708, "BF,VRB,DCMX", "I 7.6.1.10", Facility = Facility.Vsx)]
    public static Insn* Xststdcqp(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        UInt128 b = B(s, i);
        return VsxExponent.EnterClass(s, i, (b & Sign) != 0, DataClass.Matches<Binary128>(b, VsxExponent.ScalarMask(i)), false);
    }

    [Insn("xscvdpqp", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10110................")]
    public static Insn* Xscvdpqp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, FormatConversion.ToQuad<Binary64>(ScalarB(s, i), FpCommit.Environment(s))) : Facilities.NoVsx(s, i);

    [Insn("xscvsdqp", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........01010................")]
    public static Insn* Xscvsdqp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, IntegerConversion.QuadFromSigned((long)ScalarB(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xscvudqp", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........00010................")]
    public static Insn* Xscvudqp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? FpCommit.Quad(s, i, IntegerConversion.QuadFromUnsigned(ScalarB(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xscvqpdp", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10100...............0")]
    [Insn("xscvqpdpo", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10100...............1")]
    public static Insn* Xscvqpdp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag =>
        Facilities.Vsx(s) ? Scalar(s, i, FormatConversion.QuadToDouble(B(s, i), Environment<TBit31>(s))) : Facilities.NoVsx(s, i);

    [Insn("xscvqpsdz", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........11001................")]
    public static Insn* Xscvqpsdz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerType.SignedDoubleword);

    [Insn("xscvqpudz", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........10001................")]
    public static Insn* Xscvqpudz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerType.UnsignedDoubleword);

    [Insn("xscvqpswz", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........01001................")]
    public static Insn* Xscvqpswz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerType.SignedWord);

    [Insn("xscvqpuwz", Form.X, 63, 836, "VRT,VRB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........00001................")]
    public static Insn* Xscvqpuwz(CpuState* s, Insn* i) => ToInteger(s, i, IntegerType.UnsignedWord);

    // Bit 31, the x of the mnemonic, has the inexact exception recorded.
    [Insn("xsrqpi", Form.Z23, 63, 5, "R,VRT,VRB,RMC", "I 7.6.1.8", Facility = Facility.Vsx, Where = "...............................0")]
    [Insn("xsrqpix", Form.Z23, 63, 5, "R,VRT,VRB,RMC", "I 7.6.1.8", Facility = Facility.Vsx, Where = "...............................1")]
    public static Insn* Xsrqpi<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Quad(s, i, RoundToIntegral.ComputeQuad(B(s, i), Mode(s, i), TBit31.Set, env));
    }

    [Insn("xsrqpxp", Form.Z23, 63, 37, "R,VRT,VRB,RMC", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xsrqpxp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s)
            ? FpCommit.Quad(s, i, FormatConversion.QuadToDoubleExtended(B(s, i), FpCommit.Environment(s).With(Mode(s, i))))
            : Facilities.NoVsx(s, i);

    private const int FractionBits = 112;
    private const uint SpecialExponent = 0x7FFF;

    private static readonly UInt128 Sign = UInt128.One << 127;

    private static UInt128 A(CpuState* s, Insn* i) => FpCommit.Quad(s, FpCommit.FirstVr + i->A);

    private static UInt128 B(CpuState* s, Insn* i) => FpCommit.Quad(s, FpCommit.FirstVr + i->B);

    private static UInt128 T(CpuState* s, Insn* i) => FpCommit.Quad(s, FpCommit.FirstVr + i->T);

    private static ulong ScalarB(CpuState* s, Insn* i) => FpCommit.Scalar(s, FpCommit.FirstVr + i->B);

    private static uint Exponent(UInt128 image) => (uint)(image >> FractionBits) & SpecialExponent;

    private static FpEnvironment Environment<TOdd>(CpuState* s)
        where TOdd : struct, IFlag
    {
        FpEnvironment env = FpCommit.Environment(s);
        return TOdd.Set ? env.With(RoundingMode.Odd) : env;
    }

    /// <summary>R (bit 15) and RMC (bits 21:22): a mode of its own, ties away, or FPSCR[RN]. The reserved R=0, RMC=2 rounds away from zero, as outputs recorded on POWER9 do (Valgrind's test_isa_3_0).</summary>
    private static RoundingMode Mode(CpuState* s, Insn* i)
    {
        uint rmc = FormFields.Bits((uint)i->Imm, 21, 22);
        if (FormFields.Bit((uint)i->Imm, 15))
            return (RoundingMode)rmc;
        return rmc switch
        {
            0 => RoundingMode.NearestAway,
            2 => RoundingMode.AwayFromZero,
            _ => FpCommit.Environment(s).Rounding,
        };
    }

    private static Insn* Compare(CpuState* s, Insn* i, bool ordered)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        UInt128 a = A(s, i), b = B(s, i);
        Relation relation = Comparison.CompareQuad(a, b);
        uint status = relation == Relation.Unordered ? Comparison.UnorderedStatusQuad(a, b, ordered, FpCommit.Environment(s)) : 0;
        return FpCompare.Enter(s, i, relation, status);
    }

    private static Insn* ToInteger(CpuState* s, Insn* i, IntegerType type) =>
        Facilities.Vsx(s)
            ? Scalar(s, i, IntegerConversion.ToFromQuad(B(s, i), type, RoundingMode.TowardZero, FpCommit.Environment(s)))
            : Facilities.NoVsx(s, i);

    private static Insn* Scalar(CpuState* s, Insn* i, FpResult result) =>
        FpCommit.Quad(s, i, new((UInt128)result.Bits << 64, result.Status));

    private static Insn* Put(CpuState* s, Insn* i, UInt128 value)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.Set(s, FpCommit.FirstVr + i->T, (ulong)(value >> 64), (ulong)value);
        return i + 1;
    }
}
