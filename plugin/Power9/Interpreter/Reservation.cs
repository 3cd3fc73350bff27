using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Load and reserve, store conditional (ISA 3.0B Book II 4.6.2). A reservation is a real address, a length and the value loaded:
/// the conditional store is performed if address and length are the same and storage still holds the value.
/// </summary>
public static unsafe class Reservation
{
    [Insn("lbarx", Form.X, 31, 52, "RT,RA0,RB", "II 4.6.2")]
    public static Insn* Lbarx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        byte* place = Place(s, i, ea, sizeof(byte), out ulong real);
        if (place == null)
            return null;
        byte value = *place;
        Reserve(s, real, value, 0, sizeof(byte));
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("lharx", Form.X, 31, 116, "RT,RA0,RB", "II 4.6.2")]
    public static Insn* Lharx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 1) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, sizeof(ushort), out ulong real);
        if (place == null)
            return null;
        ushort value = ModeOps<TMode>.Order(*(ushort*)place);
        Reserve(s, real, value, 0, sizeof(ushort));
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("lwarx", Form.X, 31, 20, "RT,RA0,RB", "II 4.6.2")]
    public static Insn* Lwarx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 3) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, sizeof(uint), out ulong real);
        if (place == null)
            return null;
        uint value = ModeOps<TMode>.Order(*(uint*)place);
        Reserve(s, real, value, 0, sizeof(uint));
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("ldarx", Form.X, 31, 84, "RT,RA0,RB", "II 4.6.2")]
    public static Insn* Ldarx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 7) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, sizeof(ulong), out ulong real);
        if (place == null)
            return null;
        ulong value = ModeOps<TMode>.Order(*(ulong*)place);
        Reserve(s, real, value, 0, sizeof(ulong));
        s->Gpr[i->T] = value;
        return i + 1;
    }

    [Insn("lqarx", Form.X, 31, 276, "RTp,RA0,RB", "II 4.6.2")]
    public static Insn* Lqarx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        // Invalid forms: RTp odd, or one of the address registers.
        if ((i->T & 1) != 0 || i->T == i->A || i->T == i->B)
            return Raise.EmulationAssistance(s, i);
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 15) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        byte* place = Place(s, i, ea, 16, out ulong real);
        if (place == null)
            return null;
        UInt128 value = ModeOps<TMode>.Order(*(UInt128*)place);
        Reserve(s, real, (ulong)value, (ulong)(value >> 64), 16);
        s->Gpr[i->T] = (ulong)(value >> 64);
        s->Gpr[i->T + 1] = (ulong)value;
        return i + 1;
    }

    [Insn("stbcx.", Form.X, 31, 694, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stbcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        byte* place = Place(s, i, ea, 0, out ulong real);
        if (place == null)
            return null;
        if (!Held(s, real, sizeof(byte)) || *place != s->ReserveValueLow)
            return Done(s, i, stored: false);
        if (s->Concurrent != 0)
            return Exchange<TMode>(s, i, ea, (byte)s->Gpr[i->T]);
        return Access.Store<TMode>(s, i, ea, (byte)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("sthcx.", Form.X, 31, 726, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Sthcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 1) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, 0, out ulong real);
        if (place == null)
            return null;
        if (!Held(s, real, sizeof(ushort)) || ModeOps<TMode>.Order(*(ushort*)place) != s->ReserveValueLow)
            return Done(s, i, stored: false);
        if (s->Concurrent != 0)
            return Exchange<TMode>(s, i, ea, (ushort)s->Gpr[i->T]);
        return Access.Store<TMode>(s, i, ea, (ushort)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("stwcx.", Form.X, 31, 150, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stwcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 3) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, 0, out ulong real);
        if (place == null)
            return null;
        if (!Held(s, real, sizeof(uint)) || ModeOps<TMode>.Order(*(uint*)place) != s->ReserveValueLow)
            return Done(s, i, stored: false);
        if (s->Concurrent != 0)
            return Exchange<TMode>(s, i, ea, (uint)s->Gpr[i->T]);
        return Access.Store<TMode>(s, i, ea, (uint)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("stdcx.", Form.X, 31, 214, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stdcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 7) != 0)
            return Raise.Alignment(s, i, ea);
        byte* place = Place(s, i, ea, 0, out ulong real);
        if (place == null)
            return null;
        if (!Held(s, real, sizeof(ulong)) || ModeOps<TMode>.Order(*(ulong*)place) != s->ReserveValueLow)
            return Done(s, i, stored: false);
        if (s->Concurrent != 0)
            return Exchange<TMode>(s, i, ea, s->Gpr[i->T]);
        return Access.Store<TMode>(s, i, ea, s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("stqcx.", Form.X, 31, 182, "RSp,RA0,RB", "II 4.6.2")]
    public static Insn* Stqcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if ((i->T & 1) != 0)
            return Raise.EmulationAssistance(s, i);
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 15) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        byte* place = Place(s, i, ea, 0, out ulong real);
        if (place == null)
            return null;
        if (!Held(s, real, 16) || ModeOps<TMode>.Order(*(UInt128*)place) != new UInt128(s->ReserveValueHigh, s->ReserveValueLow))
            return Done(s, i, stored: false);
        return Access.Store<TMode>(s, i, ea, new UInt128(s->Gpr[i->T], s->Gpr[i->T + 1])) ? Done(s, i, stored: true) : null;
    }

    // The value is stored if storage still holds that of the reservation, in one step of the host.
    private static Insn* Exchange<TMode>(CpuState* s, Insn* i, ulong ea, byte value)
        where TMode : struct, IMode
    {
        byte* place = Target(s, i, ea);
        return place == null ? null : Done(s, i, HostExchange.Part(place, (byte)s->ReserveValueLow, value, byte.MaxValue));
    }

    private static Insn* Exchange<TMode>(CpuState* s, Insn* i, ulong ea, ushort value)
        where TMode : struct, IMode
    {
        byte* place = Target(s, i, ea);
        return place == null ? null : Done(s, i, HostExchange.Part(place, ModeOps<TMode>.Order((ushort)s->ReserveValueLow), ModeOps<TMode>.Order(value), ushort.MaxValue));
    }

    private static Insn* Exchange<TMode>(CpuState* s, Insn* i, ulong ea, uint value)
        where TMode : struct, IMode
    {
        byte* place = Target(s, i, ea);
        return place == null ? null : Done(s, i, HostExchange.Whole((uint*)place, ModeOps<TMode>.Order((uint)s->ReserveValueLow), ModeOps<TMode>.Order(value)));
    }

    private static Insn* Exchange<TMode>(CpuState* s, Insn* i, ulong ea, ulong value)
        where TMode : struct, IMode
    {
        byte* place = Target(s, i, ea);
        return place == null ? null : Done(s, i, HostExchange.Whole((ulong*)place, ModeOps<TMode>.Order(s->ReserveValueLow), ModeOps<TMode>.Order(value)));
    }

    // Where a store may be made directly; null after an interrupt, or if the instruction is postponed because it may not.
    private static byte* Target(CpuState* s, Insn* i, ulong ea)
    {
        ulong page = ea & ~0xFFFUL;
        if (Access.Entry(s, ea)->WriteTag != page)
        {
            if (!Cpu.PrepareStore(s, i, ea))
                return null;
            if (Access.Entry(s, ea)->WriteTag != page)
                return (byte*)Cpu.Postpone(s, i);
        }

        return (byte*)((nint)ea + Access.Entry(s, ea)->Addend);
    }

    // Where the aligned operand lies; null after an interrupt, which is also what storage that is no RAM causes. Size of what is loaded there, or 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Place(CpuState* s, Insn* i, ulong ea, int size, out ulong real)
    {
        TlbEntry* entry = Access.Entry(s, ea);
        if (entry->ReadTag != (ea & ~0xFFFUL))
            return Cpu.HostPointer(s, i, ea, size, out real);
        real = entry->RealPage | (ea & 0xFFF);
        return (byte*)((nint)ea + entry->Addend);
    }

    private static void Reserve(CpuState* s, ulong real, ulong low, ulong high, ulong length)
    {
        s->ReserveValid = 1;
        s->ReserveRa = real;
        s->ReserveValueLow = low;
        s->ReserveValueHigh = high;
        s->ReserveLength = length;
    }

    private static bool Held(CpuState* s, ulong real, ulong length) =>
        s->ReserveValid != 0 && s->ReserveRa == real && s->ReserveLength == length;

    // A store conditional always ends the reservation. CR0 = 0b00, performed, SO.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Done(CpuState* s, Insn* i, bool stored)
    {
        s->ReserveValid = 0;
        s->Cr[0] = (byte)((stored ? Condition.EQ : 0) | s->So);
        return i + 1;
    }
}
