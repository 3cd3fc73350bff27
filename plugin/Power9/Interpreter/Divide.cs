using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Fixed-point division and modulo (ISA 3.0B Book I 3.3.9). Where the ISA leaves the result undefined (divisor 0, quotient too large),
/// POWER9 gives 0. Quotients of words are zero-extended.
/// </summary>
public static unsafe class Divide
{
    [Insn("divw[o][.]", Form.XO, 31, 491, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divw<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        int a = (int)s->Gpr[i->A];
        int b = (int)s->Gpr[i->B];
        bool undefined = b == 0 || (a == int.MinValue && b == -1);
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : (uint)(a / b), undefined);
    }

    [Insn("divwu[o][.]", Form.XO, 31, 459, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divwu<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        uint b = (uint)s->Gpr[i->B];
        return Result<TMode, TOe, TRc>(s, i, b == 0 ? 0 : (uint)s->Gpr[i->A] / b, b == 0);
    }

    [Insn("divwe[o][.]", Form.XO, 31, 427, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divwe<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        long a = (long)(s->Gpr[i->A] << 32);
        int b = (int)s->Gpr[i->B];
        long quotient = b == 0 || (a == long.MinValue && b == -1) ? long.MinValue : a / b;
        bool undefined = quotient != (int)quotient;
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : (uint)quotient, undefined);
    }

    [Insn("divweu[o][.]", Form.XO, 31, 395, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divweu<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        uint a = (uint)s->Gpr[i->A];
        uint b = (uint)s->Gpr[i->B];
        bool undefined = a >= b;
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : ((ulong)a << 32) / b, undefined);
    }

    [Insn("divd[o][.]", Form.XO, 31, 489, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divd<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        long a = (long)s->Gpr[i->A];
        long b = (long)s->Gpr[i->B];
        bool undefined = b == 0 || (a == long.MinValue && b == -1);
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : (ulong)(a / b), undefined);
    }

    [Insn("divdu[o][.]", Form.XO, 31, 457, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divdu<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        ulong b = s->Gpr[i->B];
        return Result<TMode, TOe, TRc>(s, i, b == 0 ? 0 : s->Gpr[i->A] / b, b == 0);
    }

    [Insn("divde[o][.]", Form.XO, 31, 425, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divde<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        long a = (long)s->Gpr[i->A];
        long b = (long)s->Gpr[i->B];
        Int128 quotient = b == 0 || (a == long.MinValue && b == -1) ? Int128.MinValue : new Int128((ulong)a, 0) / b;
        bool undefined = quotient != (long)quotient;
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : (ulong)quotient, undefined);
    }

    [Insn("divdeu[o][.]", Form.XO, 31, 393, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Divdeu<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        bool undefined = a >= b;
        return Result<TMode, TOe, TRc>(s, i, undefined ? 0 : (ulong)(new UInt128(a, 0) / b), undefined);
    }

    /// <summary>The remainder is sign-extended, other than in the quotient of divw.</summary>
    [Insn("modsw", Form.X, 31, 779, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Modsw(CpuState* s, Insn* i)
    {
        int b = (int)s->Gpr[i->B];
        s->Gpr[i->T] = b is 0 or -1 ? 0 : (ulong)((int)s->Gpr[i->A] % b);
        return i + 1;
    }

    [Insn("moduw", Form.X, 31, 267, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Moduw(CpuState* s, Insn* i)
    {
        uint b = (uint)s->Gpr[i->B];
        s->Gpr[i->T] = b == 0 ? 0 : (uint)s->Gpr[i->A] % b;
        return i + 1;
    }

    [Insn("modsd", Form.X, 31, 777, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Modsd(CpuState* s, Insn* i)
    {
        long b = (long)s->Gpr[i->B];
        s->Gpr[i->T] = b is 0 or -1 ? 0 : (ulong)((long)s->Gpr[i->A] % b);
        return i + 1;
    }

    [Insn("modud", Form.X, 31, 265, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Modud(CpuState* s, Insn* i)
    {
        ulong b = s->Gpr[i->B];
        s->Gpr[i->T] = b == 0 ? 0 : s->Gpr[i->A] % b;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Result<TMode, TOe, TRc>(CpuState* s, Insn* i, ulong quotient, bool overflow)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        s->Gpr[i->T] = quotient;
        if (TOe.Set)
            Condition.SetOverflow(s, overflow);
        if (TRc.Set)
            Condition.SetCr0<TMode>(s, quotient);
        return i + 1;
    }
}
