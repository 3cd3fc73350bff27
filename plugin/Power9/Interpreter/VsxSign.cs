using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX sign manipulation, which touches no FPSCR bit (ISA 3.0B Book I 7.6.1.2). Bit 23 tells double elements from single ones.</summary>
public static unsafe class VsxSign
{
    private const ulong DoubleSign = 1UL << 63;
    private const ulong SingleSigns = 1UL << 63 | 1UL << 31;

    [Insn("xsabsdp", Form.XX2, 60, 345, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xsabsdp(CpuState* s, Insn* i) => Scalar(s, i, FpCommit.Scalar(s, i->B) & ~DoubleSign);

    [Insn("xsnabsdp", Form.XX2, 60, 361, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xsnabsdp(CpuState* s, Insn* i) => Scalar(s, i, FpCommit.Scalar(s, i->B) | DoubleSign);

    [Insn("xsnegdp", Form.XX2, 60, 377, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xsnegdp(CpuState* s, Insn* i) => Scalar(s, i, FpCommit.Scalar(s, i->B) ^ DoubleSign);

    [Insn("xscpsgndp", Form.XX3, 60, 176, "XT,XA,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xscpsgndp(CpuState* s, Insn* i) =>
        Scalar(s, i, (FpCommit.Scalar(s, i->A) & DoubleSign) | (FpCommit.Scalar(s, i->B) & ~DoubleSign));

    [Insn("xvabsdp", Form.XX2, 60, 473, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    [Insn("xvabssp", Form.XX2, 60, 409, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xvabs<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        Vector(s, i, FpCommit.Scalar(s, i->B) & ~Signs<TBit23>(), FpCommit.Low(s, i->B) & ~Signs<TBit23>());

    [Insn("xvnabsdp", Form.XX2, 60, 489, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    [Insn("xvnabssp", Form.XX2, 60, 425, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xvnabs<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        Vector(s, i, FpCommit.Scalar(s, i->B) | Signs<TBit23>(), FpCommit.Low(s, i->B) | Signs<TBit23>());

    [Insn("xvnegdp", Form.XX2, 60, 505, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    [Insn("xvnegsp", Form.XX2, 60, 441, "XT,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xvneg<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag =>
        Vector(s, i, FpCommit.Scalar(s, i->B) ^ Signs<TBit23>(), FpCommit.Low(s, i->B) ^ Signs<TBit23>());

    [Insn("xvcpsgndp", Form.XX3, 60, 240, "XT,XA,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    [Insn("xvcpsgnsp", Form.XX3, 60, 208, "XT,XA,XB", "I 7.6.1.2", Facility = Facility.Vsx)]
    public static Insn* Xvcpsgn<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag
    {
        ulong signs = Signs<TBit23>();
        return Vector(
            s,
            i,
            (FpCommit.Scalar(s, i->A) & signs) | (FpCommit.Scalar(s, i->B) & ~signs),
            (FpCommit.Low(s, i->A) & signs) | (FpCommit.Low(s, i->B) & ~signs));
    }

    private static ulong Signs<TDouble>()
        where TDouble : struct, IFlag => TDouble.Set ? DoubleSign : SingleSigns;

    private static Insn* Scalar(CpuState* s, Insn* i, ulong value) => Vector(s, i, value, 0);

    private static Insn* Vector(CpuState* s, Insn* i, ulong high, ulong low)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.Set(s, i->T, high, low);
        return i + 1;
    }
}
