using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX comparisons that make masks, and maximum and minimum (ISA 3.0B Book I 7.6.1.3, 7.6.1.6).</summary>
public static unsafe class VsxCompare
{
    [Insn("xscmpeqdp", Form.XX3, 60, 3, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpeqdp(CpuState* s, Insn* i) => Scalar(s, i, Relation.Equal);

    [Insn("xscmpgtdp", Form.XX3, 60, 11, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpgtdp(CpuState* s, Insn* i) => Scalar(s, i, Relation.Greater);

    [Insn("xscmpgedp", Form.XX3, 60, 19, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpgedp(CpuState* s, Insn* i) => Scalar(s, i, Relation.Greater | Relation.Equal);

    // Bit 23 tells double elements from single ones.
    [Insn("xvcmpeqdp[.]", Form.XX3Rc, 60, 99, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    [Insn("xvcmpeqsp[.]", Form.XX3Rc, 60, 67, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xvcmpeq<TBit23, TRc>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TRc : struct, IFlag => Vector<TBit23, TRc, IsEqual>(s, i);

    [Insn("xvcmpgtdp[.]", Form.XX3Rc, 60, 107, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    [Insn("xvcmpgtsp[.]", Form.XX3Rc, 60, 75, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xvcmpgt<TBit23, TRc>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TRc : struct, IFlag => Vector<TBit23, TRc, IsGreater>(s, i);

    [Insn("xvcmpgedp[.]", Form.XX3Rc, 60, 115, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    [Insn("xvcmpgesp[.]", Form.XX3Rc, 60, 83, "XT,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xvcmpge<TBit23, TRc>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
        where TRc : struct, IFlag => Vector<TBit23, TRc, IsGreaterOrEqual>(s, i);

    [Insn("xsmaxdp", Form.XX3, 60, 160, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmaxdp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.Number<Binary64>, true);

    [Insn("xsmindp", Form.XX3, 60, 168, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmindp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.Number<Binary64>, false);

    [Insn("xsmaxcdp", Form.XX3, 60, 128, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmaxcdp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.TypeC, true);

    [Insn("xsmincdp", Form.XX3, 60, 136, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmincdp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.TypeC, false);

    [Insn("xsmaxjdp", Form.XX3, 60, 144, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmaxjdp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.TypeJ, true);

    [Insn("xsminjdp", Form.XX3, 60, 152, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsminjdp(CpuState* s, Insn* i) => Extreme(s, i, &MinMax.TypeJ, false);

    private static Insn* Extreme(CpuState* s, Insn* i, delegate*<ulong, ulong, bool, FpEnvironment, FpResult> operation, bool maximum)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpResult result = operation(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B), maximum, FpCommit.Environment(s));
        return FpCommit.Vector(s, i, result.Status, result.Bits, 0);
    }

    private static Insn* Scalar(CpuState* s, Insn* i, Relation wanted)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpResult mask = Mask<Binary64>(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B), wanted, FpCommit.Environment(s));
        return FpCommit.Vector(s, i, mask.Status, mask.Bits, 0);
    }

    private static Insn* Vector<TDouble, TRc, TOperation>(CpuState* s, Insn* i)
        where TDouble : struct, IFlag
        where TRc : struct, IFlag
        where TOperation : struct, IElementOperation
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        int target = i->T;
        Insn* next = VsxElements.Map<TDouble, TOperation>(s, i, i->A, i->B, i->A);
        if (TRc.Set && next != null)
        {
            // CR6 tells whether all elements, or none, compared true.
            ulong high = FpCommit.Scalar(s, target), low = FpCommit.Low(s, target);
            s->Cr[6] = (byte)((high & low) == ulong.MaxValue ? 8 : (high | low) == 0 ? 2 : 0);
        }

        return next;
    }

    private static FpResult Mask<T>(ulong a, ulong b, Relation wanted, FpEnvironment env)
        where T : struct, IBinaryFormat
    {
        Relation relation = Comparison.Compare<T>(a, b);
        uint status = relation == Relation.Unordered ? Comparison.UnorderedStatus<T>(a, b, wanted != Relation.Equal, env) : 0;
        return new((relation & wanted) == 0 ? 0 : typeof(T) == typeof(Binary32) ? uint.MaxValue : ulong.MaxValue, status);
    }

    private readonly struct IsEqual : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Mask<T>(a, b, Relation.Equal, env);
    }

    private readonly struct IsGreater : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Mask<T>(a, b, Relation.Greater, env);
    }

    private readonly struct IsGreaterOrEqual : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Mask<T>(a, b, Relation.Greater | Relation.Equal, env);
    }
}
