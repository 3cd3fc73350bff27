using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Scalar floating-point comparisons into a CR field, and the division aids (ISA 3.0B Book I 4.6.8, 4.6.5, 7.6.1).</summary>
public static unsafe class FpCompare
{
    [Insn("fcmpu", Form.X, 63, 0, "BF,FRA,FRB", "I 4.6.8", Facility = Facility.FloatingPoint)]
    public static Insn* Fcmpu(CpuState* s, Insn* i) =>
        Facilities.FloatingPoint(s) ? Compare(s, i, false) : Facilities.NoFloatingPoint(s, i);

    [Insn("fcmpo", Form.X, 63, 32, "BF,FRA,FRB", "I 4.6.8", Facility = Facility.FloatingPoint)]
    public static Insn* Fcmpo(CpuState* s, Insn* i) =>
        Facilities.FloatingPoint(s) ? Compare(s, i, true) : Facilities.NoFloatingPoint(s, i);

    [Insn("xscmpudp", Form.XX3, 60, 35, "BF,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpudp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Compare(s, i, false) : Facilities.NoVsx(s, i);

    [Insn("xscmpodp", Form.XX3, 60, 43, "BF,XA,XB", "I 7.6.1.6", Facility = Facility.Vsx)]
    public static Insn* Xscmpodp(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Compare(s, i, true) : Facilities.NoVsx(s, i);

    [Insn("ftdiv", Form.X, 63, 128, "BF,FRA,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Ftdiv(CpuState* s, Insn* i)
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        s->Cr[Field(i)] = (byte)DivisionTest.Divide<Binary64>(FpCommit.Scalar(s, i->A), FpCommit.Scalar(s, i->B));
        return i + 1;
    }

    [Insn("ftsqrt", Form.X, 63, 160, "BF,FRB", "I 4.6.5", Facility = Facility.FloatingPoint)]
    public static Insn* Ftsqrt(CpuState* s, Insn* i)
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        s->Cr[Field(i)] = (byte)DivisionTest.SquareRoot<Binary64>(FpCommit.Scalar(s, i->B));
        return i + 1;
    }

    /// <summary>The BF field; in VSX forms the slot's T carries a reserved bit on top.</summary>
    internal static int Field(Insn* i) => (i->T >> 2) & 7;

    /// <summary>Enters a comparison's outcome in FPCC and the CR field, with its status.</summary>
    internal static Insn* Enter(CpuState* s, Insn* i, Relation relation, uint status)
    {
        s->Fpscr = Fpscr.ApplyCompare(s->Fpscr, ((uint)relation << Fpscr.FpccShift) | status);
        s->Cr[Field(i)] = (byte)relation;
        return FpCommit.End<Off>(s, i);
    }

    private static Insn* Compare(CpuState* s, Insn* i, bool ordered)
    {
        ulong a = FpCommit.Scalar(s, i->A), b = FpCommit.Scalar(s, i->B);
        Relation relation = Comparison.Compare<Binary64>(a, b);
        uint status = relation == Relation.Unordered ? Comparison.UnorderedStatus<Binary64>(a, b, ordered, FpCommit.Environment(s)) : 0;
        return Enter(s, i, relation, status);
    }
}
