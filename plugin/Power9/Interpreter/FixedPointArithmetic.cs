using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point addition and subtraction (ISA 3.0B Book I 3.3.9).</summary>
public static unsafe class FixedPointArithmetic
{
    [Insn("addi", Form.D, 14, -1, "RT,RA0,SI", "I 3.3.9")]
    public static Insn* Addi(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Gpr[i->A] + (ulong)i->Imm;
        return i + 1;
    }

    [Insn("addis", Form.D, 15, -1, "RT,RA0,SI", "I 3.3.9")]
    public static Insn* Addis(CpuState* s, Insn* i)
    {
        s->Gpr[i->T] = s->Gpr[i->A] + (ulong)(i->Imm << 16);
        return i + 1;
    }

    [Insn("addpcis", Form.DX, 19, 2, "RT,D", "I 3.3.9")]
    public static Insn* Addpcis<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        s->Gpr[i->T] = ModeOps<TMode>.Ea(Flow.Cia(s, i) + 4) + (ulong)(i->Imm << 16);
        return i + 1;
    }

    [Insn("add[o][.]", Form.XO, 31, 266, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Add<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, Off, TOe, TRc>(s, i, s->Gpr[i->A], s->Gpr[i->B], 0);

    [Insn("subf[o][.]", Form.XO, 31, 40, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Subf<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, Off, TOe, TRc>(s, i, ~s->Gpr[i->A], s->Gpr[i->B], 1);

    [Insn("neg[o][.]", Form.XO, 31, 104, "RT,RA", "I 3.3.9")]
    public static Insn* Neg<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, Off, TOe, TRc>(s, i, ~s->Gpr[i->A], 0, 1);

    [Insn("addic", Form.D, 12, -1, "RT,RA,SI", "I 3.3.9")]
    public static Insn* Addic<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Sum<TMode, On, Off, Off>(s, i, s->Gpr[i->A], (ulong)i->Imm, 0);

    [Insn("addic.", Form.D, 13, -1, "RT,RA,SI", "I 3.3.9")]
    public static Insn* AddicRc<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Sum<TMode, On, Off, On>(s, i, s->Gpr[i->A], (ulong)i->Imm, 0);

    [Insn("subfic", Form.D, 8, -1, "RT,RA,SI", "I 3.3.9")]
    public static Insn* Subfic<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Sum<TMode, On, Off, Off>(s, i, ~s->Gpr[i->A], (ulong)i->Imm, 1);

    [Insn("addc[o][.]", Form.XO, 31, 10, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Addc<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, s->Gpr[i->A], s->Gpr[i->B], 0);

    [Insn("subfc[o][.]", Form.XO, 31, 8, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Subfc<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, ~s->Gpr[i->A], s->Gpr[i->B], 1);

    [Insn("adde[o][.]", Form.XO, 31, 138, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Adde<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, s->Gpr[i->A], s->Gpr[i->B], s->Ca);

    [Insn("subfe[o][.]", Form.XO, 31, 136, "RT,RA,RB", "I 3.3.9")]
    public static Insn* Subfe<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, ~s->Gpr[i->A], s->Gpr[i->B], s->Ca);

    [Insn("addme[o][.]", Form.XO, 31, 234, "RT,RA", "I 3.3.9")]
    public static Insn* Addme<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, s->Gpr[i->A], ulong.MaxValue, s->Ca);

    [Insn("subfme[o][.]", Form.XO, 31, 232, "RT,RA", "I 3.3.9")]
    public static Insn* Subfme<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, ~s->Gpr[i->A], ulong.MaxValue, s->Ca);

    [Insn("addze[o][.]", Form.XO, 31, 202, "RT,RA", "I 3.3.9")]
    public static Insn* Addze<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, s->Gpr[i->A], 0, s->Ca);

    [Insn("subfze[o][.]", Form.XO, 31, 200, "RT,RA", "I 3.3.9")]
    public static Insn* Subfze<TMode, TOe, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TOe : struct, IFlag
        where TRc : struct, IFlag => Sum<TMode, On, TOe, TRc>(s, i, ~s->Gpr[i->A], 0, s->Ca);

    /// <summary>Adds with OV as carry (CY=0, the only defined value); SO stays.</summary>
    [Insn("addex", Form.Z23, 31, 170, "RT,RA,RB,CY", "I 3.3.9")]
    public static Insn* Addex<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        ulong sum = a + b + s->Ov;
        s->Gpr[i->T] = sum;
        ulong carries = Carries(a, b, sum);
        s->Ov32 = (byte)((carries >> 31) & 1);
        s->Ov = TMode.Is64Bit ? (byte)(carries >> 63) : s->Ov32;
        return i + 1;
    }

    // CA and OV are those of the word in 32-bit mode; CA32 and OV32 always are (ISA 3.0B Book I 3.2.2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Sum<TMode, TCarry, TOe, TRc>(CpuState* s, Insn* i, ulong a, ulong b, ulong carry)
        where TMode : struct, IMode
        where TCarry : struct, IFlag
        where TOe : struct, IFlag
        where TRc : struct, IFlag
    {
        ulong sum = a + b + carry;
        s->Gpr[i->T] = sum;
        if (TCarry.Set)
        {
            ulong carries = Carries(a, b, sum);
            s->Ca32 = (byte)((carries >> 31) & 1);
            s->Ca = TMode.Is64Bit ? (byte)(carries >> 63) : s->Ca32;
        }

        if (TOe.Set)
        {
            ulong overflows = (a ^ sum) & (b ^ sum);
            Condition.SetOverflow<TMode>(s, (long)overflows < 0, (int)overflows < 0);
        }

        if (TRc.Set)
            Condition.SetCr0<TMode>(s, sum);
        return i + 1;
    }

    // Bit n: carry out of bit n, counted from the least significant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carries(ulong a, ulong b, ulong sum) => (a & b) | ((a | b) & ~sum);
}
