using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Shifts (ISA 3.0B Book I 3.3.14.2). Counts have one bit more than the operand needs: from its width on everything is shifted out.</summary>
public static unsafe class Shift
{
    [Insn("slw[.]", Form.X, 31, 24, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Slw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        int count = (int)s->Gpr[i->B] & 0x3F;
        return Result<TMode, TRc>(s, i, (uint)(s->Gpr[i->T] << count));
    }

    [Insn("srw[.]", Form.X, 31, 536, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Srw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        int count = (int)s->Gpr[i->B] & 0x3F;
        return Result<TMode, TRc>(s, i, (ulong)(uint)s->Gpr[i->T] >> count);
    }

    [Insn("sraw[.]", Form.X, 31, 792, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Sraw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Algebraic<TMode, TRc>(s, i, (int)s->Gpr[i->T], (int)s->Gpr[i->B] & 0x3F);

    [Insn("srawi[.]", Form.X, 31, 824, "RA,RS,SH", "I 3.3.14.2")]
    public static Insn* Srawi<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Algebraic<TMode, TRc>(s, i, (int)s->Gpr[i->T], i->B);

    [Insn("sld[.]", Form.X, 31, 27, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Sld<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        int count = (int)s->Gpr[i->B];
        return Result<TMode, TRc>(s, i, (count & 0x40) != 0 ? 0 : s->Gpr[i->T] << (count & 0x3F));
    }

    [Insn("srd[.]", Form.X, 31, 539, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Srd<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        int count = (int)s->Gpr[i->B];
        return Result<TMode, TRc>(s, i, (count & 0x40) != 0 ? 0 : s->Gpr[i->T] >> (count & 0x3F));
    }

    [Insn("srad[.]", Form.X, 31, 794, "RA,RS,RB", "I 3.3.14.2")]
    public static Insn* Srad<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        int count = (int)s->Gpr[i->B] & 0x7F;
        long value = (long)s->Gpr[i->T];
        if (count < 64)
            return Algebraic<TMode, TRc>(s, i, value, count);
        s->Ca = s->Ca32 = value < 0 ? (byte)1 : (byte)0;
        return Result<TMode, TRc>(s, i, (ulong)(value >> 63));
    }

    [Insn("sradi[.]", Form.XS, 31, 413, "RA,RS,SH", "I 3.3.14.2")]
    public static Insn* Sradi<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Algebraic<TMode, TRc>(s, i, (long)s->Gpr[i->T], i->B);

    [Insn("extswsli[.]", Form.XS, 31, 445, "RA,RS,SH", "I 3.3.14.2")]
    public static Insn* Extswsli<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, (ulong)(long)(int)s->Gpr[i->T] << i->B);

    // CA and CA32: the operand is negative and a 1 was shifted out. A word is sign-extended, so a count of up to 63 works for it too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Algebraic<TMode, TRc>(CpuState* s, Insn* i, long value, int count)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        long result = value >> count;
        s->Ca = s->Ca32 = value < 0 && result << count != value ? (byte)1 : (byte)0;
        return Result<TMode, TRc>(s, i, (ulong)result);
    }

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
