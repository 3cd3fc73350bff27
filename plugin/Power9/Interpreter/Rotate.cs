using System.Numerics;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Rotate and mask (ISA 3.0B Book I 3.3.14.1). Word forms: Imm is the low word of the mask, C says that the mask wraps.</summary>
public static unsafe class Rotate
{
    [Insn("rlwinm[.]", Form.M, 21, -1, "RA,RS,SH,MB,ME", "I 3.3.14.1")]
    public static Insn* Rlwinm<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Word<TMode, TRc>(s, i, i->B);

    [Insn("rlwnm[.]", Form.M, 23, -1, "RA,RS,RB,MB,ME", "I 3.3.14.1")]
    public static Insn* Rlwnm<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Word<TMode, TRc>(s, i, (int)s->Gpr[i->B]);

    [Insn("rlwimi[.]", Form.M, 20, -1, "RA,RS,SH,MB,ME", "I 3.3.14.1")]
    public static Insn* Rlwimi<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        uint rotated = BitOperations.RotateLeft((uint)s->Gpr[i->T], i->B);
        return Insert<TMode, TRc>(s, i, rotated | ((ulong)rotated << 32), (uint)i->Imm | WrappedHigh(i));
    }

    [Insn("rldicl[.]", Form.MD, 30, 0, "RA,RS,SH,MB", "I 3.3.14.1")]
    public static Insn* Rldicl<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], i->B) & (ulong.MaxValue >> i->Imm));

    [Insn("rldicr[.]", Form.MD, 30, 1, "RA,RS,SH,ME", "I 3.3.14.1")]
    public static Insn* Rldicr<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], i->B) & (ulong.MaxValue << ~i->Imm));

    [Insn("rldic[.]", Form.MD, 30, 2, "RA,RS,SH,MB", "I 3.3.14.1")]
    public static Insn* Rldic<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], i->B) & Mask(i->Imm, 63 - i->B));

    [Insn("rldimi[.]", Form.MD, 30, 3, "RA,RS,SH,MB", "I 3.3.14.1")]
    public static Insn* Rldimi<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Insert<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], i->B), Mask(i->Imm, 63 - i->B));

    [Insn("rldcl[.]", Form.MDS, 30, 8, "RA,RS,RB,MB", "I 3.3.14.1")]
    public static Insn* Rldcl<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag =>
        Result<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], (int)s->Gpr[i->B]) & (ulong.MaxValue >> i->Imm));

    [Insn("rldcr[.]", Form.MDS, 30, 9, "RA,RS,RB,ME", "I 3.3.14.1")]
    public static Insn* Rldcr<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag =>
        Result<TMode, TRc>(s, i, RotateLeft(s->Gpr[i->T], (int)s->Gpr[i->B]) & (ulong.MaxValue << ~i->Imm));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RotateLeft(ulong value, int count) => BitOperations.RotateLeft(value, count);

    // MASK(first, last), which wraps if first > last (ISA 3.0B Book I 3.3.14). Shift counts are taken modulo 64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(int first, int last)
    {
        ulong start = ulong.MaxValue >> first;
        ulong end = ulong.MaxValue << ~last;
        return first > last ? start | end : start & end;
    }

    // A wrapped word mask, MASK(MB+32, ME+32), has ones in all of the high word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WrappedHigh(Insn* i) => (ulong)-(long)i->C << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Word<TMode, TRc>(CpuState* s, Insn* i, int count)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        uint rotated = BitOperations.RotateLeft((uint)s->Gpr[i->T], count);
        ulong result = rotated & (uint)i->Imm;
        if (i->C != 0)
            result |= (ulong)rotated << 32;
        return Result<TMode, TRc>(s, i, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Insert<TMode, TRc>(CpuState* s, Insn* i, ulong value, ulong mask)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, (value & mask) | (s->Gpr[i->A] & ~mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Result<TMode, TRc>(CpuState* s, Insn* i, ulong result)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        s->Gpr[i->A] = result;
        if (TRc.Set)
            Condition.SetCr0<TMode>(s, result);
        return i + 1;
    }
}
