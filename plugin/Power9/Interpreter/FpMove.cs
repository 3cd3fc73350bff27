using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Floating-point moves, merges and select, which alter no FPSCR bit (ISA 3.0B Book I 4.6.4, 4.6.9).</summary>
public static unsafe class FpMove
{
    private const ulong Sign = 1UL << 63;

    [Insn("fmr[.]", Form.X, 63, 72, "FRT,FRB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Fmr<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Move<TRc>(s, i, FpCommit.Scalar(s, i->B));

    [Insn("fneg[.]", Form.X, 63, 40, "FRT,FRB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Fneg<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Move<TRc>(s, i, FpCommit.Scalar(s, i->B) ^ Sign);

    [Insn("fabs[.]", Form.X, 63, 264, "FRT,FRB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Fabs<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Move<TRc>(s, i, FpCommit.Scalar(s, i->B) & ~Sign);

    [Insn("fnabs[.]", Form.X, 63, 136, "FRT,FRB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Fnabs<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Move<TRc>(s, i, FpCommit.Scalar(s, i->B) | Sign);

    [Insn("fcpsgn[.]", Form.X, 63, 8, "FRT,FRA,FRB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Fcpsgn<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Move<TRc>(s, i, (FpCommit.Scalar(s, i->A) & Sign) | (FpCommit.Scalar(s, i->B) & ~Sign));

    [Insn("fmrgew", Form.X, 63, 966, "FRT,FRA,FRB", "I 4.6.4", Facility = Facility.Vsx)]
    public static Insn* Fmrgew(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.SetScalar(s, i->T, (FpCommit.Scalar(s, i->A) & 0xFFFF_FFFF_0000_0000) | (FpCommit.Scalar(s, i->B) >> 32));
        return i + 1;
    }

    [Insn("fmrgow", Form.X, 63, 838, "FRT,FRA,FRB", "I 4.6.4", Facility = Facility.Vsx)]
    public static Insn* Fmrgow(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpCommit.SetScalar(s, i->T, (FpCommit.Scalar(s, i->A) << 32) | (uint)FpCommit.Scalar(s, i->B));
        return i + 1;
    }

    [Insn("fsel[.]", Form.A, 63, 23, "FRT,FRA,FRC,FRB", "I 4.6.9", Facility = Facility.FloatingPoint)]
    public static Insn* Fsel<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        // A NaN is not at least zero, minus zero is.
        double a = BitConverter.UInt64BitsToDouble(FpCommit.Scalar(s, i->A));
        return Move<TRc>(s, i, FpCommit.Scalar(s, a >= 0 ? i->C : i->B));
    }

    private static Insn* Move<TRc>(CpuState* s, Insn* i, ulong value)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        FpCommit.SetScalar(s, i->T, value);
        if (TRc.Set)
            s->Cr[1] = (byte)(((uint)s->Fpscr >> 28) & 0xF);
        return i + 1;
    }
}
