using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point loads (ISA 3.0B Book I 3.3.2). An update form changes RA only after the access went through. The Slow methods do the same by way of the slow path.</summary>
public static unsafe class FixedPointLoad
{
    [Insn("lbz", Form.D, 34, -1, "RT,D(RA0)", "I 3.3.2")]
    public static Insn* Lbz<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lbzu", Form.D, 35, -1, "RT,D(RA)", "I 3.3.2")]
    public static Insn* Lbzu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lbzx", Form.X, 31, 87, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Lbzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lbzux", Form.X, 31, 119, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Lbzux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lhz", Form.D, 40, -1, "RT,D(RA0)", "I 3.3.2")]
    public static Insn* Lhz<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lhzu", Form.D, 41, -1, "RT,D(RA)", "I 3.3.2")]
    public static Insn* Lhzu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lhzx", Form.X, 31, 279, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Lhzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lhzux", Form.X, 31, 311, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Lhzux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lha", Form.D, 42, -1, "RT,D(RA0)", "I 3.3.2")]
    public static Insn* Lha<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => HalfwordAlgebraic<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lhau", Form.D, 43, -1, "RT,D(RA)", "I 3.3.2")]
    public static Insn* Lhau<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => HalfwordAlgebraic<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lhax", Form.X, 31, 343, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Lhax<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => HalfwordAlgebraic<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lhaux", Form.X, 31, 375, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Lhaux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => HalfwordAlgebraic<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lwz", Form.D, 32, -1, "RT,D(RA0)", "I 3.3.2")]
    public static Insn* Lwz<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lwzu", Form.D, 33, -1, "RT,D(RA)", "I 3.3.2")]
    public static Insn* Lwzu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lwzx", Form.X, 31, 23, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Lwzx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lwzux", Form.X, 31, 55, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Lwzux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lwa", Form.DS, 58, 2, "RT,DS(RA0)", "I 3.3.2")]
    public static Insn* Lwa<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => WordAlgebraic<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("lwax", Form.X, 31, 341, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Lwax<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => WordAlgebraic<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("lwaux", Form.X, 31, 373, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Lwaux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => WordAlgebraic<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("ld", Form.DS, 58, 0, "RT,DS(RA0)", "I 3.3.2")]
    public static Insn* Ld<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("ldu", Form.DS, 58, 1, "RT,DS(RA)", "I 3.3.2")]
    public static Insn* Ldu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("ldx", Form.X, 31, 21, "RT,RA0,RB", "I 3.3.2")]
    public static Insn* Ldx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("ldux", Form.X, 31, 53, "RT,RA,RB", "I 3.3.2")]
    public static Insn* Ldux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Byte<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out byte value))
            return ByteSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* ByteSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out byte value))
            return null;
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Halfword<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out ushort value))
            return HalfwordSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* HalfwordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out ushort value))
            return null;
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* HalfwordAlgebraic<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out ushort value))
            return HalfwordAlgebraicSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = (ulong)(short)value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* HalfwordAlgebraicSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out ushort value))
            return null;
        s->Gpr[i->T] = (ulong)(short)value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Word<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out uint value))
            return WordSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* WordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out uint value))
            return null;
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* WordAlgebraic<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out uint value))
            return WordAlgebraicSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = (ulong)(int)value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* WordAlgebraicSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out uint value))
            return null;
        s->Gpr[i->T] = (ulong)(int)value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Doubleword<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryLoad<TMode>(s, ea, out ulong value))
            return DoublewordSlow<TMode, TUpdate>(s, i, ea);
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* DoublewordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Load<TMode>(s, i, ea, out ulong value))
            return null;
        s->Gpr[i->T] = value;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }
}
