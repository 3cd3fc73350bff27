using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point stores (ISA 3.0B Book I 3.3.3). An update form changes RA only after the access went through. The Slow methods do the same by way of the slow path.</summary>
public static unsafe class FixedPointStore
{
    [Insn("stb", Form.D, 38, -1, "RS,D(RA0)", "I 3.3.3")]
    public static Insn* Stb<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stbu", Form.D, 39, -1, "RS,D(RA)", "I 3.3.3")]
    public static Insn* Stbu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stbx", Form.X, 31, 215, "RS,RA0,RB", "I 3.3.3")]
    public static Insn* Stbx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("stbux", Form.X, 31, 247, "RS,RA,RB", "I 3.3.3")]
    public static Insn* Stbux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Byte<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("sth", Form.D, 44, -1, "RS,D(RA0)", "I 3.3.3")]
    public static Insn* Sth<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("sthu", Form.D, 45, -1, "RS,D(RA)", "I 3.3.3")]
    public static Insn* Sthu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("sthx", Form.X, 31, 407, "RS,RA0,RB", "I 3.3.3")]
    public static Insn* Sthx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("sthux", Form.X, 31, 439, "RS,RA,RB", "I 3.3.3")]
    public static Insn* Sthux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Halfword<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("stw", Form.D, 36, -1, "RS,D(RA0)", "I 3.3.3")]
    public static Insn* Stw<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stwu", Form.D, 37, -1, "RS,D(RA)", "I 3.3.3")]
    public static Insn* Stwu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stwx", Form.X, 31, 151, "RS,RA0,RB", "I 3.3.3")]
    public static Insn* Stwx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("stwux", Form.X, 31, 183, "RS,RA,RB", "I 3.3.3")]
    public static Insn* Stwux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Word<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("std", Form.DS, 62, 0, "RS,DS(RA0)", "I 3.3.3")]
    public static Insn* Std<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, Off>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stdu", Form.DS, 62, 1, "RS,DS(RA)", "I 3.3.3")]
    public static Insn* Stdu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, On>(s, i, EffectiveAddress.D<TMode>(s, i));

    [Insn("stdx", Form.X, 31, 149, "RS,RA0,RB", "I 3.3.3")]
    public static Insn* Stdx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, Off>(s, i, EffectiveAddress.X<TMode>(s, i));

    [Insn("stdux", Form.X, 31, 181, "RS,RA,RB", "I 3.3.3")]
    public static Insn* Stdux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Doubleword<TMode, On>(s, i, EffectiveAddress.X<TMode>(s, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Byte<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryStore<TMode>(s, ea, (byte)s->Gpr[i->T]))
            return ByteSlow<TMode, TUpdate>(s, i, ea);
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* ByteSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Store<TMode>(s, i, ea, (byte)s->Gpr[i->T]))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Halfword<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryStore<TMode>(s, ea, (ushort)s->Gpr[i->T]))
            return HalfwordSlow<TMode, TUpdate>(s, i, ea);
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* HalfwordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Store<TMode>(s, i, ea, (ushort)s->Gpr[i->T]))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Word<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryStore<TMode>(s, ea, (uint)s->Gpr[i->T]))
            return WordSlow<TMode, TUpdate>(s, i, ea);
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* WordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Store<TMode>(s, i, ea, (uint)s->Gpr[i->T]))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Doubleword<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.TryStore<TMode>(s, ea, s->Gpr[i->T]))
            return DoublewordSlow<TMode, TUpdate>(s, i, ea);
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* DoublewordSlow<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Access.Store<TMode>(s, i, ea, s->Gpr[i->T]))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }
}
