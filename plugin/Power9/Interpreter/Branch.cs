using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Branches (ISA 3.0B Book I 2.4). BO is bound at decode: each of its bits is a type parameter.</summary>
public static unsafe class Branch
{
    [Insn("b[l][a]", Form.I, 18, -1, "LI", "I 2.4")]
    public static Insn* B<TMode, TNear, TLk, TAa>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TNear : struct, IFlag
        where TLk : struct, IFlag
        where TAa : struct, IFlag
    {
        ulong cia = Flow.Cia(s, i);
        if (TLk.Set)
            Link<TMode>(s, cia);
        return Relative<TMode, TNear, TAa>(s, i, cia);
    }

    [Insn("bc[l][a]", Form.B, 16, -1, "BO,BI,BD", "I 2.4")]
    public static Insn* Bc<TMode, TNear, TLk, TAa, TBit6, TBit7, TBit8, TBit9>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TNear : struct, IFlag
        where TLk : struct, IFlag
        where TAa : struct, IFlag
        where TBit6 : struct, IFlag
        where TBit7 : struct, IFlag
        where TBit8 : struct, IFlag
        where TBit9 : struct, IFlag
    {
        if (TLk.Set)
            Link<TMode>(s, Flow.Cia(s, i));
        if (!CtrOk<TMode, TBit8, TBit9>(s) || !CrOk<TBit6, TBit7>(s, i))
            return i + 1;
        return Relative<TMode, TNear, TAa>(s, i, Flow.Cia(s, i));
    }

    [Insn("bclr[l]", Form.XL, 19, 16, "BO,BI,BH", "I 2.4")]
    public static Insn* Bclr<TMode, TLk, TBit6, TBit7, TBit8, TBit9>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TLk : struct, IFlag
        where TBit6 : struct, IFlag
        where TBit7 : struct, IFlag
        where TBit8 : struct, IFlag
        where TBit9 : struct, IFlag
    {
        ulong target = s->Spr[SprNumber.LR];
        if (TLk.Set)
            Link<TMode>(s, Flow.Cia(s, i));
        if (!CtrOk<TMode, TBit8, TBit9>(s) || !CrOk<TBit6, TBit7>(s, i))
            return i + 1;
        return Absolute<TMode>(s, i, target);
    }

    /// <summary>
    /// BO[2]=0 is an invalid form. Server processors test CTR before they decrement it; Linux executes <c>bcctr 2,0,0</c> with CTR nonzero
    /// to flush the count cache (PPC_INST_BCCTR_FLUSH) and expects to fall through.
    /// </summary>
    [Insn("bcctr[l]", Form.XL, 19, 528, "BO,BI,BH", "I 2.4")]
    public static Insn* Bcctr<TMode, TLk, TBit6, TBit7, TBit8, TBit9>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TLk : struct, IFlag
        where TBit6 : struct, IFlag
        where TBit7 : struct, IFlag
        where TBit8 : struct, IFlag
        where TBit9 : struct, IFlag
    {
        ulong target = s->Spr[SprNumber.CTR];
        if (TLk.Set)
            Link<TMode>(s, Flow.Cia(s, i));
        if (!TBit8.Set)
        {
            s->Spr[SprNumber.CTR] = target - 1;
            if ((ModeOps<TMode>.Ea(target) == 0) != TBit9.Set)
                return i + 1;
        }

        if (!CrOk<TBit6, TBit7>(s, i))
            return i + 1;
        return Absolute<TMode>(s, i, target);
    }

    [Insn("bctar[l]", Form.XL, 19, 560, "BO,BI,BH", "I 2.4")]
    public static Insn* Bctar<TMode, TLk, TBit6, TBit7, TBit8, TBit9>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TLk : struct, IFlag
        where TBit6 : struct, IFlag
        where TBit7 : struct, IFlag
        where TBit8 : struct, IFlag
        where TBit9 : struct, IFlag
    {
        if (!SprAccess.Enabled(s, FacilityNumber.Tar))
            return SprAccess.Unavailable(s, i, FacilityNumber.Tar);
        if (TLk.Set)
            Link<TMode>(s, Flow.Cia(s, i));
        if (!CtrOk<TMode, TBit8, TBit9>(s) || !CrOk<TBit6, TBit7>(s, i))
            return i + 1;
        return Absolute<TMode>(s, i, s->Spr[SprNumber.TAR]);
    }

    // LR is set whether or not the branch is taken.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Link<TMode>(CpuState* s, ulong cia)
        where TMode : struct, IMode => s->Spr[SprNumber.LR] = ModeOps<TMode>.Ea(cia + 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CtrOk<TMode, TIgnore, TZero>(CpuState* s)
        where TMode : struct, IMode
        where TIgnore : struct, IFlag
        where TZero : struct, IFlag
    {
        if (TIgnore.Set)
            return true;
        ulong ctr = --s->Spr[SprNumber.CTR];
        return TZero.Set ? ModeOps<TMode>.Ea(ctr) == 0 : ModeOps<TMode>.Ea(ctr) != 0;
    }

    // The decoder left the mask of bit BI within its CR field in C.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CrOk<TIgnore, TSense>(CpuState* s, Insn* i)
        where TIgnore : struct, IFlag
        where TSense : struct, IFlag
    {
        if (TIgnore.Set)
            return true;
        int bit = s->Cr[i->A >> 2] & i->C;
        return TSense.Set ? bit != 0 : bit == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Relative<TMode, TNear, TAa>(CpuState* s, Insn* i, ulong cia)
        where TMode : struct, IMode
        where TNear : struct, IFlag
        where TAa : struct, IFlag
    {
        s->Spr[SprNumber.CFAR] = cia;
        if (TNear.Set)
            return i + i->Imm;
        return Flow.To<TMode>(s, TAa.Set ? (ulong)i->Imm : cia + (ulong)i->Imm);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Absolute<TMode>(CpuState* s, Insn* i, ulong target)
        where TMode : struct, IMode
    {
        s->Spr[SprNumber.CFAR] = Flow.Cia(s, i);
        return Flow.To<TMode>(s, target);
    }
}
