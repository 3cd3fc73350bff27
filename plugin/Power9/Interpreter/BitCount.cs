using System.Numerics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Counting, parity and permutation of bits (ISA 3.0B Book I 3.3.13).</summary>
public static unsafe class BitCount
{
    [Insn("cntlzw[.]", Form.X, 31, 26, "RA,RS", "I 3.3.13")]
    public static Insn* Cntlzw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, BitOperations.LeadingZeroCount((uint)s->Gpr[i->T]));

    [Insn("cnttzw[.]", Form.X, 31, 538, "RA,RS", "I 3.3.13")]
    public static Insn* Cnttzw<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, BitOperations.TrailingZeroCount((uint)s->Gpr[i->T]));

    [Insn("cntlzd[.]", Form.X, 31, 58, "RA,RS", "I 3.3.13")]
    public static Insn* Cntlzd<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, BitOperations.LeadingZeroCount(s->Gpr[i->T]));

    [Insn("cnttzd[.]", Form.X, 31, 570, "RA,RS", "I 3.3.13")]
    public static Insn* Cnttzd<TMode, TRc>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TRc : struct, IFlag => Result<TMode, TRc>(s, i, BitOperations.TrailingZeroCount(s->Gpr[i->T]));

    [Insn("popcntb", Form.X, 31, 122, "RA,RS", "I 3.3.13")]
    public static Insn* Popcntb(CpuState* s, Insn* i)
    {
        // Sums of neighbours: pairs of bits, then nibbles, then bytes.
        ulong x = s->Gpr[i->T];
        x -= (x >> 1) & 0x5555555555555555;
        x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333);
        s->Gpr[i->A] = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0F;
        return i + 1;
    }

    [Insn("popcntw", Form.X, 31, 378, "RA,RS", "I 3.3.13")]
    public static Insn* Popcntw(CpuState* s, Insn* i)
    {
        ulong x = s->Gpr[i->T];
        s->Gpr[i->A] = ((ulong)BitOperations.PopCount((uint)(x >> 32)) << 32) | (uint)BitOperations.PopCount((uint)x);
        return i + 1;
    }

    [Insn("popcntd", Form.X, 31, 506, "RA,RS", "I 3.3.13")]
    public static Insn* Popcntd(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = (ulong)BitOperations.PopCount(s->Gpr[i->T]);
        return i + 1;
    }

    /// <summary>Parity of the least significant bits of the bytes of each word.</summary>
    [Insn("prtyw", Form.X, 31, 154, "RA,RS", "I 3.3.13")]
    public static Insn* Prtyw(CpuState* s, Insn* i)
    {
        ulong x = s->Gpr[i->T];
        x ^= x >> 8;
        x ^= x >> 16;
        s->Gpr[i->A] = x & 0x0000000100000001;
        return i + 1;
    }

    /// <summary>Parity of the least significant bits of the bytes.</summary>
    [Insn("prtyd", Form.X, 31, 186, "RA,RS", "I 3.3.13")]
    public static Insn* Prtyd(CpuState* s, Insn* i)
    {
        s->Gpr[i->A] = (ulong)BitOperations.PopCount(s->Gpr[i->T] & 0x0101010101010101) & 1;
        return i + 1;
    }

    [Insn("bpermd", Form.X, 31, 252, "RA,RS,RB", "I 3.3.13")]
    public static Insn* Bpermd(CpuState* s, Insn* i)
    {
        ulong indexes = s->Gpr[i->T];
        ulong bits = s->Gpr[i->B];
        ulong result = 0;
        for (int k = 0; k < 64; k += 8)
        {
            int index = (byte)(indexes >> k);
            if (index < 64)
                result |= ((bits >> (63 - index)) & 1) << (k >> 3);
        }

        s->Gpr[i->A] = result;
        return i + 1;
    }

    private static Insn* Result<TMode, TRc>(CpuState* s, Insn* i, int count)
        where TMode : struct, IMode
        where TRc : struct, IFlag
    {
        s->Gpr[i->A] = (ulong)count;
        if (TRc.Set)
            Condition.SetCr0<TMode>(s, (ulong)count);
        return i + 1;
    }
}
