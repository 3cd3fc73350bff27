using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point multiplication (ISA 3.0B Book I 3.3.9).</summary>
public static unsafe class Multiply
{
    [Insn("mulli", Form.D, 7, -1, "RT,RA,SI", "I 3.3.9")]
    public static Insn* Mulli(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Gpr[i->A] * (ulong)i->Imm;
        return i + 1;
    }

    [Insn("mullw[o][.]", Form.XO, 31, 235, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mullw<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        long product = (long)(int)s->Gpr[i->A] * (int)s->Gpr[i->B];
        if (TOe.Set)
            Condition.SetOverflow(s, product != (int)product);
        return Result<TMode, TRc>(s, i, (ulong)product);
    }

    [Insn("mulld[o][.]", Form.XO, 31, 233, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mulld<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        long a = (long)s->Gpr[i->A];
        long b = (long)s->Gpr[i->B];
        if (TOe.Set)
        {
            long high = Math.BigMul(a, b, out long low);
            Condition.SetOverflow(s, high != low >> 63);
        }

        return Result<TMode, TRc>(s, i, (ulong)(a * b));
    }

    /// <summary>POWER9 puts the high word in both halves of RT, where the ISA leaves the upper half undefined; CR0 follows all 64 bits.</summary>
    [Insn("mulhw[.]", Form.XO, 31, 75, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mulhw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        uint high = (uint)((ulong)((long)(int)s->Gpr[i->A] * (int)s->Gpr[i->B]) >> 32);
        return Result<TMode, TRc>(s, i, ((ulong)high << 32) | high);
    }

    /// <summary>As <see cref="Mulhw"/>.</summary>
    [Insn("mulhwu[.]", Form.XO, 31, 11, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mulhwu<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        uint high = (uint)(((ulong)(uint)s->Gpr[i->A] * (uint)s->Gpr[i->B]) >> 32);
        return Result<TMode, TRc>(s, i, ((ulong)high << 32) | high);
    }

    [Insn("mulhd[.]", Form.XO, 31, 73, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mulhd<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag =>
        Result<TMode, TRc>(s, i, (ulong)Math.BigMul((long)s->Gpr[i->A], (long)s->Gpr[i->B], out _));

    [Insn("mulhdu[.]", Form.XO, 31, 9, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Mulhdu<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag =>
        Result<TMode, TRc>(s, i, Math.BigMul(s->Gpr[i->A], s->Gpr[i->B], out _));

    [Insn("maddhd", Form.VARc, 4, 48, "RT,RA,RB,RC", "I 3.3.9")]
    public static Insn* Maddhd(CpuState* s, Insn* i)
    {
        Int128 product = (Int128)(long)s->Gpr[i->A] * (long)s->Gpr[i->B];
        s->Gpr[i->T] = (ulong)((product + (long)s->Gpr[i->C]) >> 64);
        return i + 1;
    }

    [Insn("maddhdu", Form.VARc, 4, 49, "RT,RA,RB,RC", "I 3.3.9")]
    public static Insn* Maddhdu(CpuState* s, Insn* i)
    {
        ulong high = Math.BigMul(s->Gpr[i->A], s->Gpr[i->B], out ulong low);
        s->Gpr[i->T] = high + (low + s->Gpr[i->C] < low ? 1UL : 0);
        return i + 1;
    }

    [Insn("maddld", Form.VARc, 4, 51, "RT,RA,RB,RC", "I 3.3.9")]
    public static Insn* Maddld(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = (s->Gpr[i->A] * s->Gpr[i->B]) + s->Gpr[i->C];
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Result<TMode, TRc>(CpuState* s, Insn* i, ulong result)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        s->Gpr[i->T] = result;
        if (TRc.Set)
            Condition.SetCr0<TMode>(s, result);
        return i + 1;
    }
}
