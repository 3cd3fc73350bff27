using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// VSX vector conversions (ISA 3.0B Book I 7.6.1.7). Where doublewords meet words, the word is the first of its
/// doubleword; POWER9 repeats a word result in the second. Bit 25 tells signed from unsigned.
/// </summary>
public static unsafe class VsxVectorConversion
{
    [Insn("xvcvdpsp", Form.XX2, 60, 393, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvdpsp(CpuState* s, Insn* i) => Doublewords<DoubleToSingle>(s, i);

    [Insn("xvcvspdp", Form.XX2, 60, 457, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvspdp(CpuState* s, Insn* i) => Doublewords<SingleToDouble>(s, i);

    [Insn("xvcvdpsxds", Form.XX2, 60, 472, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvdpuxds", Form.XX2, 60, 456, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvdpsxds<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<DoubleToDoubleword<TBit25>>(s, i);

    [Insn("xvcvdpsxws", Form.XX2, 60, 216, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvdpuxws", Form.XX2, 60, 200, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvdpsxws<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<DoubleToWord<TBit25>>(s, i);

    [Insn("xvcvspsxds", Form.XX2, 60, 408, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvspuxds", Form.XX2, 60, 392, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvspsxds<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<SingleToDoubleword<TBit25>>(s, i);

    [Insn("xvcvspsxws", Form.XX2, 60, 152, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvspuxws", Form.XX2, 60, 136, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvspsxws<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => VsxElements.Map<Off, SingleToWord<TBit25>>(s, i, i->B, i->B, i->B);

    [Insn("xvcvsxddp", Form.XX2, 60, 504, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvuxddp", Form.XX2, 60, 488, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvsxddp<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<DoublewordToDouble<TBit25>>(s, i);

    [Insn("xvcvsxdsp", Form.XX2, 60, 440, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvuxdsp", Form.XX2, 60, 424, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvsxdsp<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<DoublewordToSingle<TBit25>>(s, i);

    [Insn("xvcvsxwdp", Form.XX2, 60, 248, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvuxwdp", Form.XX2, 60, 232, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvsxwdp<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => Doublewords<WordToDouble<TBit25>>(s, i);

    [Insn("xvcvsxwsp", Form.XX2, 60, 184, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    [Insn("xvcvuxwsp", Form.XX2, 60, 168, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx)]
    public static Insn* Xvcvsxwsp<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag => VsxElements.Map<Off, WordToSingle<TBit25>>(s, i, i->B, i->B, i->B);

    // Half precision stands in the second halfword of each word.
    [Insn("xvcvhpsp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........11000................")]
    public static Insn* Xvcvhpsp(CpuState* s, Insn* i) => VsxElements.Map<Off, HalfToSingle>(s, i, i->B, i->B, i->B);

    [Insn("xvcvsphp", Form.XX2, 60, 475, "XT,XB", "I 7.6.1.7", Facility = Facility.Vsx, Where = "...........11001................")]
    public static Insn* Xvcvsphp(CpuState* s, Insn* i) => VsxElements.Map<Off, SingleToHalf>(s, i, i->B, i->B, i->B);

    private static Insn* Doublewords<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IElementOperation => VsxElements.Map<On, TOperation>(s, i, i->B, i->B, i->B);

    private static FpResult Repeat(FpResult word) => new(word.Bits << 32 | (uint)word.Bits, word.Status);

    private readonly struct DoubleToSingle : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Repeat(FormatConversion.Convert<Binary64, Binary32, Binary32>(a, env));
    }

    private readonly struct SingleToDouble : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => FormatConversion.Convert<Binary32, Binary64, Binary64>(a >> 32, env);
    }

    private readonly struct HalfToSingle : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => FormatConversion.Convert<Binary16, Binary32, Binary32>((ushort)a, env);
    }

    private readonly struct SingleToHalf : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => FormatConversion.Convert<Binary32, Binary16, Binary16>(a, env);
    }

    private readonly struct DoubleToDoubleword<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => IntegerConversion.To<Binary64>(a, Doubleword<TSigned>(), RoundingMode.TowardZero, env);
    }

    private readonly struct DoubleToWord<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Repeat(IntegerConversion.To<Binary64>(a, Word<TSigned>(), RoundingMode.TowardZero, env));
    }

    private readonly struct SingleToDoubleword<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => IntegerConversion.To<Binary32>(a >> 32, Doubleword<TSigned>(), RoundingMode.TowardZero, env);
    }

    private readonly struct SingleToWord<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat
        {
            FpResult word = IntegerConversion.To<Binary32>(a, Word<TSigned>(), RoundingMode.TowardZero, env);
            return new((uint)word.Bits, word.Status);
        }
    }

    private readonly struct DoublewordToDouble<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => TSigned.Set
                ? IntegerConversion.FromSigned<Binary64, Binary64>((long)a, env)
                : IntegerConversion.FromUnsigned<Binary64, Binary64>(a, env);
    }

    private readonly struct DoublewordToSingle<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Repeat(TSigned.Set
                ? IntegerConversion.FromSigned<Binary32, Binary32>((long)a, env)
                : IntegerConversion.FromUnsigned<Binary32, Binary32>(a, env));
    }

    private readonly struct WordToDouble<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => TSigned.Set
                ? IntegerConversion.FromSigned<Binary64, Binary64>((long)a >> 32, env)
                : IntegerConversion.FromUnsigned<Binary64, Binary64>(a >> 32, env);
    }

    private readonly struct WordToSingle<TSigned> : IElementOperation
        where TSigned : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => TSigned.Set
                ? IntegerConversion.FromSigned<Binary32, Binary32>((int)a, env)
                : IntegerConversion.FromUnsigned<Binary32, Binary32>(a, env);
    }

    private static IntegerType Doubleword<TSigned>()
        where TSigned : struct, IFlag => TSigned.Set ? IntegerType.SignedDoubleword : IntegerType.UnsignedDoubleword;

    private static IntegerType Word<TSigned>()
        where TSigned : struct, IFlag => TSigned.Set ? IntegerType.SignedWord : IntegerType.UnsignedWord;
}
