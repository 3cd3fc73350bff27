using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point logic (ISA 3.0B Book I 3.3.13).</summary>
public static unsafe class Logical
{
    [Insn("andi.", Form.D, 28, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Andi<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Result<TMode, On>(s, i, s->Gpr[i->T] & (uint)i->Imm);

    [Insn("andis.", Form.D, 29, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Andis<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Result<TMode, On>(s, i, s->Gpr[i->T] & ((uint)i->Imm << 16));

    [Insn("ori", Form.D, 24, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Ori(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = s->Gpr[i->T] | (uint)i->Imm;
        return i + 1;
    }

    [Insn("nop", Form.D, 24, -1, "", "I 3.3.13", Where = "......00000000000000000000000000")]
    public static Insn* Nop(CpuState* s, Insn* i) => i + 1;

    [Insn("oris", Form.D, 25, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Oris(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = s->Gpr[i->T] | ((uint)i->Imm << 16);
        return i + 1;
    }

    [Insn("xori", Form.D, 26, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Xori(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = s->Gpr[i->T] ^ (uint)i->Imm;
        return i + 1;
    }

    [Insn("xoris", Form.D, 27, -1, "RA,RS,UI", "I 3.3.13")]
    public static Insn* Xoris(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = s->Gpr[i->T] ^ ((uint)i->Imm << 16);
        return i + 1;
    }

    [Insn("and[.]", Form.X, 31, 28, "RA,RS,RB", "I 3.3.13")]
    public static Insn* And<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, s->Gpr[i->T] & s->Gpr[i->B]);

    [Insn("andc[.]", Form.X, 31, 60, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Andc<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, s->Gpr[i->T] & ~s->Gpr[i->B]);

    [Insn("or[.]", Form.X, 31, 444, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Or<TMode, TRc, TSame>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag
        where TSame : struct, IFlag
    {
        if (TSame.Set && !TRc.Set)
            return ProgramPriority.Hint(s, i);
        return Result<TMode, TRc>(s, i, s->Gpr[i->T] | s->Gpr[i->B]);
    }

    [Insn("orc[.]", Form.X, 31, 412, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Orc<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, s->Gpr[i->T] | ~s->Gpr[i->B]);

    [Insn("xor[.]", Form.X, 31, 316, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Xor<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, s->Gpr[i->T] ^ s->Gpr[i->B]);

    [Insn("eqv[.]", Form.X, 31, 284, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Eqv<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, ~(s->Gpr[i->T] ^ s->Gpr[i->B]));

    [Insn("nand[.]", Form.X, 31, 476, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Nand<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, ~(s->Gpr[i->T] & s->Gpr[i->B]));

    [Insn("nor[.]", Form.X, 31, 124, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Nor<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, ~(s->Gpr[i->T] | s->Gpr[i->B]));

    [Insn("extsb[.]", Form.X, 31, 954, "RA,RS", "I 3.3.13")]
    public static Insn* Extsb<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, (ulong)(sbyte)s->Gpr[i->T]);

    [Insn("extsh[.]", Form.X, 31, 922, "RA,RS", "I 3.3.13")]
    public static Insn* Extsh<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, (ulong)(short)s->Gpr[i->T]);

    [Insn("extsw[.]", Form.X, 31, 986, "RA,RS", "I 3.3.13")]
    public static Insn* Extsw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, (ulong)(int)s->Gpr[i->T]);

    [Insn("cmpb", Form.X, 31, 508, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Cmpb(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = (EqualBytes(s->Gpr[i->T], s->Gpr[i->B]) >> 7) * 0xFF;
        return i + 1;
    }

    /// <summary>0x80 in each byte that is the same in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong EqualBytes(ulong a, ulong b)
    {
        const ulong Low = 0x7F7F7F7F7F7F7F7F;
        ulong difference = a ^ b;
        return ~(((difference & Low) + Low) | difference | Low);
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
