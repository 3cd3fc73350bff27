using System.Numerics;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>FPSCR instructions (ISA 3.0B Book I 4.6.10).</summary>
public static unsafe class FpStatusAndControl
{
    private const uint Enables = Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE | Fpscr.XE;
    private const ulong Control = Fpscr.DRN | Enables | Fpscr.NI | Fpscr.RN;
    private const ulong Lightweight = Control | Fpscr.FR | Fpscr.FI | Fpscr.FPRF;

    // What mtfsf and its relatives can set: all but the summaries FEX, VX and the reserved bits.
    private const ulong Writable = Control | Fpscr.FX | Fpscr.Exceptions | Fpscr.FR | Fpscr.FI | Fpscr.FPRF;

    [Insn("mffs[.]", Form.X, 63, 583, "FRT", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........00000................")]
    public static Insn* Mffs<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        FpCommit.SetScalar(s, i->T, s->Fpscr);
        if (TRc.Set)
            s->Cr[1] = (byte)(((uint)s->Fpscr >> 28) & 0xF);
        return i + 1;
    }

    [Insn("mffsce", Form.X, 63, 583, "FRT", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........00001................")]
    public static Insn* Mffsce(CpuState* s, Insn* i) => Exchange(s, i, ulong.MaxValue, Enables, 0);

    [Insn("mffscdrn", Form.X, 63, 583, "FRT,FRB", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........10100................")]
    public static Insn* Mffscdrn(CpuState* s, Insn* i) => Exchange(s, i, Control, Fpscr.DRN, FpCommit.Scalar(s, i->B));

    [Insn("mffscdrni", Form.X, 63, 583, "FRT,DRM", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........10101................")]
    public static Insn* Mffscdrni(CpuState* s, Insn* i) => Exchange(s, i, Control, Fpscr.DRN, (ulong)i->B << BitOperations.TrailingZeroCount(Fpscr.DRN));

    [Insn("mffscrn", Form.X, 63, 583, "FRT,FRB", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........10110................")]
    public static Insn* Mffscrn(CpuState* s, Insn* i) => Exchange(s, i, Control, Fpscr.RN, FpCommit.Scalar(s, i->B));

    [Insn("mffscrni", Form.X, 63, 583, "FRT,RM", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........10111................")]
    public static Insn* Mffscrni(CpuState* s, Insn* i) => Exchange(s, i, Control, Fpscr.RN, i->B);

    [Insn("mffsl", Form.X, 63, 583, "FRT", "I 4.6.10", Facility = Facility.FloatingPoint, Where = "...........11000................")]
    public static Insn* Mffsl(CpuState* s, Insn* i) => Exchange(s, i, Lightweight, 0, 0);

    [Insn("mcrfs", Form.X, 63, 64, "BF,BFA", "I 4.6.10", Facility = Facility.FloatingPoint)]
    public static Insn* Mcrfs(CpuState* s, Insn* i)
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        int shift = 28 - (4 * (i->A >> 2));
        s->Cr[FpCompare.Field(i)] = (byte)((s->Fpscr >> shift) & 0xF);

        // Exception bits that were copied are cleared; the summaries follow.
        s->Fpscr = Fpscr.Summarize(s->Fpscr & ~((0xFUL << shift) & (Fpscr.FX | Fpscr.Exceptions)));
        return i + 1;
    }

    [Insn("mtfsfi[.]", Form.X, 63, 134, "BF,U,W", "I 4.6.10", Facility = Facility.FloatingPoint)]
    public static Insn* Mtfsfi<TBit15, TRc>(CpuState* s, Insn* i)
        where TBit15 : struct, IFlag
        where TRc : struct, IFlag
    {
        int shift = (TBit15.Set ? 60 : 28) - (4 * FpCompare.Field(i));
        return Put<TRc>(s, i, 0xFUL << shift, (ulong)(i->B >> 1) << shift);
    }

    // L (bit 6) takes the whole register; else each FLM bit (7:14) takes a field of the word W (bit 15) selects.
    [Insn("mtfsf[.]", Form.XFL, 63, 711, "FLM,FRB,L,W", "I 4.6.10", Facility = Facility.FloatingPoint)]
    public static Insn* Mtfsf<TBit6, TBit15, TRc>(CpuState* s, Insn* i)
        where TBit6 : struct, IFlag
        where TBit15 : struct, IFlag
        where TRc : struct, IFlag
    {
        ulong mask = ulong.MaxValue;
        if (!TBit6.Set)
        {
            mask = 0;
            uint flm = FormFields.Bits((uint)i->Imm, 7, 14);
            for (int field = 0; field < 8; field++)
                mask |= ((flm >> field) & 1) != 0 ? 0xFUL << (4 * field) : 0;
            mask <<= TBit15.Set ? 32 : 0;
        }

        return Put<TRc>(s, i, mask, FpCommit.Scalar(s, i->B));
    }

    [Insn("mtfsb0[.]", Form.X, 63, 70, "BT", "I 4.6.10", Facility = Facility.FloatingPoint)]
    public static Insn* Mtfsb0<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Put<TRc>(s, i, 0x8000_0000UL >> i->T, 0);

    [Insn("mtfsb1[.]", Form.X, 63, 38, "BT", "I 4.6.10", Facility = Facility.FloatingPoint)]
    public static Insn* Mtfsb1<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        // Unlike the field moves this one notes in FX an exception bit that it turns on.
        ulong bit = 0x8000_0000UL >> i->T;
        ulong note = (bit & Fpscr.Exceptions & ~s->Fpscr) != 0 ? Fpscr.FX : 0;
        return Put<TRc>(s, i, bit | note, bit | note);
    }

    private static Insn* Exchange(CpuState* s, Insn* i, ulong read, ulong replaced, ulong value)
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong old = s->Fpscr;
        s->Fpscr = Fpscr.Summarize((old & ~replaced) | (value & replaced));
        FpCommit.SetScalar(s, i->T, old & read);
        return i + 1;
    }

    private static Insn* Put<TRc>(CpuState* s, Insn* i, ulong mask, ulong value)
        where TRc : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        mask &= Writable;
        s->Fpscr = Fpscr.Summarize((s->Fpscr & ~mask) | (value & mask));
        return FpCommit.End<TRc>(s, i);
    }
}
