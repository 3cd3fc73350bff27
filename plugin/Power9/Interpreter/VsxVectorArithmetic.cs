using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// VSX vector arithmetic (ISA 3.0B Book I 7.6.1.4). Bit 23 of the word tells double elements from single ones.
/// </summary>
public static unsafe class VsxVectorArithmetic
{
    [Insn("xvadddp", Form.XX3, 60, 96, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvaddsp", Form.XX3, 60, 64, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvadd<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Add>(s, i, i->A, i->B, 0);

    [Insn("xvsubdp", Form.XX3, 60, 104, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvsubsp", Form.XX3, 60, 72, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvsub<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Sub>(s, i, i->A, i->B, 0);

    [Insn("xvmuldp", Form.XX3, 60, 112, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmulsp", Form.XX3, 60, 80, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvmul<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Mul>(s, i, i->A, i->B, 0);

    [Insn("xvdivdp", Form.XX3, 60, 120, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvdivsp", Form.XX3, 60, 88, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvdiv<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Div>(s, i, i->A, i->B, 0);

    [Insn("xvsqrtdp", Form.XX2, 60, 203, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvsqrtsp", Form.XX2, 60, 139, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvsqrt<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Root>(s, i, i->B, i->B, 0);

    [Insn("xvredp", Form.XX2, 60, 218, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvresp", Form.XX2, 60, 154, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvre<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Reciprocal>(s, i, i->B, i->B, 0);

    [Insn("xvrsqrtedp", Form.XX2, 60, 202, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvrsqrtesp", Form.XX2, 60, 138, "XT,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvrsqrte<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, ReciprocalRoot>(s, i, i->B, i->B, 0);

    [Insn("xvmaxdp", Form.XX3, 60, 224, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmaxsp", Form.XX3, 60, 192, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvmax<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Max>(s, i, i->A, i->B, 0);

    [Insn("xvmindp", Form.XX3, 60, 232, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvminsp", Form.XX3, 60, 200, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvmin<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        VsxElements.Map<TBit23, Min>(s, i, i->A, i->B, 0);

    // Bit 21 negates, bit 24 subtracts; bit 25 is the m form: XT is a factor instead of the addend.
    [Insn("xvmaddadp", Form.XX3, 60, 97, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmaddmdp", Form.XX3, 60, 105, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmsubadp", Form.XX3, 60, 113, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmsubmdp", Form.XX3, 60, 121, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmaddadp", Form.XX3, 60, 225, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmaddmdp", Form.XX3, 60, 233, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmsubadp", Form.XX3, 60, 241, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmsubmdp", Form.XX3, 60, 249, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmaddasp", Form.XX3, 60, 65, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmaddmsp", Form.XX3, 60, 73, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmsubasp", Form.XX3, 60, 81, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvmsubmsp", Form.XX3, 60, 89, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmaddasp", Form.XX3, 60, 193, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmaddmsp", Form.XX3, 60, 201, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmsubasp", Form.XX3, 60, 209, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    [Insn("xvnmsubmsp", Form.XX3, 60, 217, "XT,XA,XB", "I 7.6.1.4", Facility = Facility.Vsx)]
    public static Insn* Xvmadd<TBit21, TBit23, TBit24, TBit25>(CpuState* s, Insn* i)
        where TBit21 : struct, IFlag
        where TBit23 : struct, IFlag
        where TBit24 : struct, IFlag
        where TBit25 : struct, IFlag
    {
        int factor = TBit25.Set ? i->T : i->B, addend = TBit25.Set ? i->B : i->T;
        return VsxElements.Map<TBit23, Fused<TBit21, TBit24>>(s, i, i->A, factor, addend);
    }

    private readonly struct Add : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Addition.Add<T, T>(a, b, env);
    }

    private readonly struct Sub : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Addition.Subtract<T, T>(a, b, env);
    }

    private readonly struct Mul : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Multiplication.Multiply<T, T>(a, b, env);
    }

    private readonly struct Div : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Division.Divide<T, T>(a, b, env);
    }

    private readonly struct Root : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => SquareRoot.Of<T, T>(a, env);
    }

    private readonly struct Reciprocal : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Estimate.Reciprocal<T, T>(a, env);
    }

    private readonly struct ReciprocalRoot : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => Estimate.ReciprocalSquareRoot<T, T>(a, env);
    }

    private readonly struct Max : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => MinMax.Number<T>(a, b, true, env);
    }

    private readonly struct Min : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => MinMax.Number<T>(a, b, false, env);
    }

    private readonly struct Fused<TNegate, TSubtract> : IElementOperation
        where TNegate : struct, IFlag
        where TSubtract : struct, IFlag
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat
        {
            MultiplyAddForm form = (TSubtract.Set ? MultiplyAddForm.Subtract : MultiplyAddForm.Add) | (TNegate.Set ? MultiplyAddForm.NegativeAdd : 0);
            return MultiplyAdd.Compute<T, T>(a, b, c, form, env);
        }
    }
}
