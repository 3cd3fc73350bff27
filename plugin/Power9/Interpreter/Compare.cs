using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point compares (ISA 3.0B Book I 3.3.10). L (bit 10) is bound at decode; BF is the top of the T field.</summary>
public static unsafe class Compare
{
    [Insn("cmpi", Form.D, 11, -1, "BF,L,RA,SI", "I 3.3.10")]
    public static Insn* Cmpi<TL>(CpuState* s, Insn* i)
        where TL : struct, IFlag => Signed<TL>(s, i, (ulong)i->Imm);

    [Insn("cmp", Form.X, 31, 0, "BF,L,RA,RB", "I 3.3.10")]
    public static Insn* Cmp<TL>(CpuState* s, Insn* i)
        where TL : struct, IFlag => Signed<TL>(s, i, s->Gpr[i->B]);

    [Insn("cmpli", Form.D, 10, -1, "BF,L,RA,UI", "I 3.3.10")]
    public static Insn* Cmpli<TL>(CpuState* s, Insn* i)
        where TL : struct, IFlag => Unsigned<TL>(s, i, (ulong)i->Imm);

    [Insn("cmpl", Form.X, 31, 32, "BF,L,RA,RB", "I 3.3.10")]
    public static Insn* Cmpl<TL>(CpuState* s, Insn* i)
        where TL : struct, IFlag => Unsigned<TL>(s, i, s->Gpr[i->B]);

    [Insn("cmprb", Form.X, 31, 192, "BF,L,RA,RB", "I 3.3.10")]
    public static Insn* Cmprb<TL>(CpuState* s, Insn* i)
        where TL : struct, IFlag
    {
        byte value = (byte)s->Gpr[i->A];
        uint ranges = (uint)s->Gpr[i->B];
        bool inRange = InRange(value, ranges);
        if (TL.Set)
            inRange |= InRange(value, ranges >> 16);
        s->Cr[i->T >> 2] = inRange ? Condition.GT : (byte)0;
        return i + 1;
    }

    [Insn("cmpeqb", Form.X, 31, 224, "BF,RA,RB", "I 3.3.10")]
    public static Insn* Cmpeqb(CpuState* s, Insn* i)
    {
        ulong wanted = (byte)s->Gpr[i->A] * 0x0101010101010101UL;
        s->Cr[i->T >> 2] = Logical.EqualBytes(wanted, s->Gpr[i->B]) != 0 ? Condition.GT : (byte)0;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Signed<TL>(CpuState* s, Insn* i, ulong b)
        where TL : struct, IFlag
    {
        ulong a = s->Gpr[i->A];
        int order = TL.Set ? Condition.Compare((long)a, (long)b) : Condition.Compare((long)(int)a, (int)b);
        s->Cr[i->T >> 2] = (byte)(order | s->So);
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Unsigned<TL>(CpuState* s, Insn* i, ulong b)
        where TL : struct, IFlag
    {
        ulong a = s->Gpr[i->A];
        int order = TL.Set ? Condition.Compare(a, b) : Condition.Compare((ulong)(uint)a, (uint)b);
        s->Cr[i->T >> 2] = (byte)(order | s->So);
        return i + 1;
    }

    private static bool InRange(byte value, uint range) => value >= (byte)range && value <= (byte)(range >> 8);
}
