using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// VSX scalar arithmetic (ISA 3.0B Book I 7.6.1.3). Bit 23 of the word tells double precision from single, which lives in
/// double format.
/// </summary>
public static unsafe class VsxScalarArithmetic
{
    [Insn("xsadddp", Form.XX3, 60, 32, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsaddsp", Form.XX3, 60, 0, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsadd<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Addition.Add<Binary64, Binary64>(a, b, env) : Addition.Add<Binary64, Binary32>(a, b, env));
    }

    [Insn("xssubdp", Form.XX3, 60, 40, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xssubsp", Form.XX3, 60, 8, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xssub<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Addition.Subtract<Binary64, Binary64>(a, b, env) : Addition.Subtract<Binary64, Binary32>(a, b, env));
    }

    [Insn("xsmuldp", Form.XX3, 60, 48, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmulsp", Form.XX3, 60, 16, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmul<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Multiplication.Multiply<Binary64, Binary64>(a, b, env) : Multiplication.Multiply<Binary64, Binary32>(a, b, env));
    }

    [Insn("xsdivdp", Form.XX3, 60, 56, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsdivsp", Form.XX3, 60, 24, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsdiv<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Division.Divide<Binary64, Binary64>(a, b, env) : Division.Divide<Binary64, Binary32>(a, b, env));
    }

    [Insn("xssqrtdp", Form.XX2, 60, 75, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xssqrtsp", Form.XX2, 60, 11, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xssqrt<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? SquareRoot.Of<Binary64, Binary64>(b, env) : SquareRoot.Of<Binary64, Binary32>(b, env));
    }

    [Insn("xsredp", Form.XX2, 60, 90, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsresp", Form.XX2, 60, 26, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsre<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Estimate.Reciprocal<Binary64, Binary64>(b, env) : Estimate.Reciprocal<Binary64, Binary32>(b, env));
    }

    [Insn("xsrsqrtedp", Form.XX2, 60, 74, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsrsqrtesp", Form.XX2, 60, 10, "XT,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsrsqrte<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong b = FpCommit.Scalar(s, i->B);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set ? Estimate.ReciprocalSquareRoot<Binary64, Binary64>(b, env) : Estimate.ReciprocalSquareRoot<Binary64, Binary32>(b, env));
    }

    // Bit 21 negates, bit 24 subtracts; bit 25 is the m form: XT is a factor instead of the addend.
    [Insn("xsmaddadp", Form.XX3, 60, 33, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmaddmdp", Form.XX3, 60, 41, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmsubadp", Form.XX3, 60, 49, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmsubmdp", Form.XX3, 60, 57, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmaddadp", Form.XX3, 60, 161, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmaddmdp", Form.XX3, 60, 169, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmsubadp", Form.XX3, 60, 177, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmsubmdp", Form.XX3, 60, 185, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmaddasp", Form.XX3, 60, 1, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmaddmsp", Form.XX3, 60, 9, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmsubasp", Form.XX3, 60, 17, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsmsubmsp", Form.XX3, 60, 25, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmaddasp", Form.XX3, 60, 129, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmaddmsp", Form.XX3, 60, 137, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmsubasp", Form.XX3, 60, 145, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    [Insn("xsnmsubmsp", Form.XX3, 60, 153, "XT,XA,XB", "I 7.6.1.3", Facility = Facility.Vsx)]
    public static Insn* Xsmadd<TBit21, TBit23, TBit24, TBit25>(CpuState* s, Insn* i)
        where TBit21 : struct, IFlag
        where TBit23 : struct, IFlag
        where TBit24 : struct, IFlag
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        MultiplyAddForm form = (TBit24.Set ? MultiplyAddForm.Subtract : MultiplyAddForm.Add) | (TBit21.Set ? MultiplyAddForm.NegativeAdd : 0);
        ulong a = FpCommit.Scalar(s, i->A);
        ulong factor = FpCommit.Scalar(s, TBit25.Set ? i->T : i->B), addend = FpCommit.Scalar(s, TBit25.Set ? i->B : i->T);
        FpEnvironment env = FpCommit.Environment(s);
        return FpCommit.Scalar<Off>(s, i, TBit23.Set
            ? MultiplyAdd.Compute<Binary64, Binary64>(a, factor, addend, form, env)
            : MultiplyAdd.Compute<Binary64, Binary32>(a, factor, addend, form, env));
    }
}
