using System.Runtime.CompilerServices;
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
        if (!Access.Load<TMode>(s, i, ea, out byte value))
            return null;
        Reserve(s, ea, value, 0, sizeof(byte));
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
        if (!Access.Load<TMode>(s, i, ea, out ushort value))
            return null;
        Reserve(s, ea, value, 0, sizeof(ushort));
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
        if (!Access.Load<TMode>(s, i, ea, out uint value))
            return null;
        Reserve(s, ea, value, 0, sizeof(uint));
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
        if (!Access.Load<TMode>(s, i, ea, out ulong value))
            return null;
        Reserve(s, ea, value, 0, sizeof(ulong));
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
        if (!Access.Load<TMode>(s, i, ea, out UInt128 value))
            return null;
        Reserve(s, ea, (ulong)value, (ulong)(value >> 64), 16);
        s->Gpr[i->T] = (ulong)(value >> 64);
        s->Gpr[i->T + 1] = (ulong)value;
        return i + 1;
    }

    [Insn("stbcx.", Form.X, 31, 694, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stbcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if (!Held(s, sizeof(byte)))
            return Done(s, i, stored: false);
        if (!Access.Load<TMode>(s, i, ea, out byte current))
            return null;
        if (!SamePlace(s, ea) || current != s->ReserveValueLow)
            return Done(s, i, stored: false);
        return Access.Store<TMode>(s, i, ea, (byte)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("sthcx.", Form.X, 31, 726, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Sthcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 1) != 0)
            return Raise.Alignment(s, i, ea);
        if (!Held(s, sizeof(ushort)))
            return Done(s, i, stored: false);
        if (!Access.Load<TMode>(s, i, ea, out ushort current))
            return null;
        if (!SamePlace(s, ea) || current != s->ReserveValueLow)
            return Done(s, i, stored: false);
        return Access.Store<TMode>(s, i, ea, (ushort)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("stwcx.", Form.X, 31, 150, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stwcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 3) != 0)
            return Raise.Alignment(s, i, ea);
        if (!Held(s, sizeof(uint)))
            return Done(s, i, stored: false);
        if (!Access.Load<TMode>(s, i, ea, out uint current))
            return null;
        if (!SamePlace(s, ea) || current != s->ReserveValueLow)
            return Done(s, i, stored: false);
        return Access.Store<TMode>(s, i, ea, (uint)s->Gpr[i->T]) ? Done(s, i, stored: true) : null;
    }

    [Insn("stdcx.", Form.X, 31, 214, "RS,RA0,RB", "II 4.6.2")]
    public static Insn* Stdcx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & 7) != 0)
            return Raise.Alignment(s, i, ea);
        if (!Held(s, sizeof(ulong)))
            return Done(s, i, stored: false);
        if (!Access.Load<TMode>(s, i, ea, out ulong current))
            return null;
        if (!SamePlace(s, ea) || current != s->ReserveValueLow)
            return Done(s, i, stored: false);
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
        if (!Held(s, 16))
            return Done(s, i, stored: false);
        if (!Access.Load<TMode>(s, i, ea, out UInt128 current))
            return null;
        if (!SamePlace(s, ea) || current != new UInt128(s->ReserveValueHigh, s->ReserveValueLow))
            return Done(s, i, stored: false);
        return Access.Store<TMode>(s, i, ea, new UInt128(s->Gpr[i->T], s->Gpr[i->T + 1])) ? Done(s, i, stored: true) : null;
    }

    private static bool Held(CpuState* s, ulong length) => s->ReserveValid != 0 && s->ReserveLength == length;

    // Storage that is not RAM never gets a data TLB entry, and so never a reservation.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reserve(CpuState* s, ulong ea, ulong low, ulong high, ulong length)
    {
        TlbEntry* entry = Access.Entry(s, ea);
        s->ReserveValid = entry->ReadTag == (ea & ~0xFFFUL) ? 1u : 0u;
        s->ReserveRa = entry->RealPage | (ea & 0xFFF);
        s->ReserveValueLow = low;
        s->ReserveValueHigh = high;
        s->ReserveLength = length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SamePlace(CpuState* s, ulong ea)
    {
        TlbEntry* entry = Access.Entry(s, ea);
        return entry->ReadTag == (ea & ~0xFFFUL) && (entry->RealPage | (ea & 0xFFF)) == s->ReserveRa;
    }

    // A store conditional always ends the reservation. CR0 = 0b00, performed, SO.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Done(CpuState* s, Insn* i, bool stored)
    {
        s->ReserveValid = 0;
        s->Cr[0] = (byte)((stored ? Condition.EQ : 0) | s->So);
        return i + 1;
    }
}
