using System.Buffers.Binary;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point loads and stores with byte reversal (ISA 3.0B Book I 3.3.5).</summary>
public static unsafe class ByteReverse
{
    [Insn("lhbrx", Form.X, 31, 790, "RT,RA0,RB", "I 3.3.5")]
    public static Insn* Lhbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Access.Load<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), out ushort value))
            return null;
        s->Gpr[i->T] = BinaryPrimitives.ReverseEndianness(value);
        return i + 1;
    }

    [Insn("lwbrx", Form.X, 31, 534, "RT,RA0,RB", "I 3.3.5")]
    public static Insn* Lwbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Access.Load<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), out uint value))
            return null;
        s->Gpr[i->T] = BinaryPrimitives.ReverseEndianness(value);
        return i + 1;
    }

    [Insn("ldbrx", Form.X, 31, 532, "RT,RA0,RB", "I 3.3.5")]
    public static Insn* Ldbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Access.Load<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), out ulong value))
            return null;
        s->Gpr[i->T] = BinaryPrimitives.ReverseEndianness(value);
        return i + 1;
    }

    [Insn("sthbrx", Form.X, 31, 918, "RS,RA0,RB", "I 3.3.5")]
    public static Insn* Sthbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Access.Store<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), BinaryPrimitives.ReverseEndianness((ushort)s->Gpr[i->T])) ? i + 1 : null;

    [Insn("stwbrx", Form.X, 31, 662, "RS,RA0,RB", "I 3.3.5")]
    public static Insn* Stwbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Access.Store<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), BinaryPrimitives.ReverseEndianness((uint)s->Gpr[i->T])) ? i + 1 : null;

    [Insn("stdbrx", Form.X, 31, 660, "RS,RA0,RB", "I 3.3.5")]
    public static Insn* Stdbrx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        Access.Store<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), BinaryPrimitives.ReverseEndianness(s->Gpr[i->T])) ? i + 1 : null;
}
