using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Storage access of handlers. Each returns false after the interrupt that the access causes was taken: the handler then returns null.
/// A hit costs one index, one compare, one add; page crossing, devices, code pages and misses take <see cref="Cpu.LoadSlow"/> and <see cref="Cpu.StoreSlow"/>.
/// The hottest handlers use TryLoad and TryStore, which know only the hit, and leave everything else to a second method: they then need no stack frame.
/// </summary>
[SkipLocalsInit]
public static unsafe class Access
{
    // Entries are 32 bytes: page number and index are taken out in one shift and one mask.
    private const int EntryShift = 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<TMode>(CpuState* s, Insn* i, ulong ea, out byte value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == (ea & ~0xFFFUL))
        {
            value = *(byte*)((nint)ea + entry->Addend);
            return true;
        }

        Unsafe.SkipInit(out value);
        return Cpu.LoadSlow(s, i, ea, (byte*)Unsafe.AsPointer(ref value), sizeof(byte));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<TMode>(CpuState* s, Insn* i, ulong ea, out ushort value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(ushort) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(ushort*)((nint)ea + entry->Addend));
            return true;
        }

        ushort raw;
        bool done = Cpu.LoadSlow(s, i, ea, (byte*)&raw, sizeof(ushort));
        value = ModeOps<TMode>.Order(raw);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<TMode>(CpuState* s, Insn* i, ulong ea, out uint value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(uint) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(uint*)((nint)ea + entry->Addend));
            return true;
        }

        uint raw;
        bool done = Cpu.LoadSlow(s, i, ea, (byte*)&raw, sizeof(uint));
        value = ModeOps<TMode>.Order(raw);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<TMode>(CpuState* s, Insn* i, ulong ea, out ulong value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(ulong) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(ulong*)((nint)ea + entry->Addend));
            return true;
        }

        ulong raw;
        bool done = Cpu.LoadSlow(s, i, ea, (byte*)&raw, sizeof(ulong));
        value = ModeOps<TMode>.Order(raw);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<TMode>(CpuState* s, Insn* i, ulong ea, out UInt128 value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + 15) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(UInt128*)((nint)ea + entry->Addend));
            return true;
        }

        UInt128 raw;
        bool done = Cpu.LoadSlow(s, i, ea, (byte*)&raw, 16);
        value = ModeOps<TMode>.Order(raw);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<TMode>(CpuState* s, Insn* i, ulong ea, byte value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag == (ea & ~0xFFFUL))
        {
            *(byte*)((nint)ea + entry->Addend) = value;
            return true;
        }

        return Cpu.StoreSlow(s, i, ea, &value, sizeof(byte));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<TMode>(CpuState* s, Insn* i, ulong ea, ushort value)
        where TMode : struct, IMode
    {
        ushort raw = ModeOps<TMode>.Order(value);
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag == ((ea + (sizeof(ushort) - 1)) & ~0xFFFUL))
        {
            *(ushort*)((nint)ea + entry->Addend) = raw;
            return true;
        }

        return Cpu.StoreSlow(s, i, ea, (byte*)&raw, sizeof(ushort));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<TMode>(CpuState* s, Insn* i, ulong ea, uint value)
        where TMode : struct, IMode
    {
        uint raw = ModeOps<TMode>.Order(value);
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag == ((ea + (sizeof(uint) - 1)) & ~0xFFFUL))
        {
            *(uint*)((nint)ea + entry->Addend) = raw;
            return true;
        }

        return Cpu.StoreSlow(s, i, ea, (byte*)&raw, sizeof(uint));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<TMode>(CpuState* s, Insn* i, ulong ea, ulong value)
        where TMode : struct, IMode
    {
        ulong raw = ModeOps<TMode>.Order(value);
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag == ((ea + (sizeof(ulong) - 1)) & ~0xFFFUL))
        {
            *(ulong*)((nint)ea + entry->Addend) = raw;
            return true;
        }

        return Cpu.StoreSlow(s, i, ea, (byte*)&raw, sizeof(ulong));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<TMode>(CpuState* s, Insn* i, ulong ea, UInt128 value)
        where TMode : struct, IMode
    {
        UInt128 raw = ModeOps<TMode>.Order(value);
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag == ((ea + 15) & ~0xFFFUL))
        {
            *(UInt128*)((nint)ea + entry->Addend) = raw;
            return true;
        }

        return Cpu.StoreSlow(s, i, ea, (byte*)&raw, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLoad<TMode>(CpuState* s, ulong ea, out byte value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == (ea & ~0xFFFUL))
        {
            value = *(byte*)((nint)ea + entry->Addend);
            return true;
        }

        Unsafe.SkipInit(out value);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLoad<TMode>(CpuState* s, ulong ea, out ushort value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(ushort) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(ushort*)((nint)ea + entry->Addend));
            return true;
        }

        Unsafe.SkipInit(out value);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLoad<TMode>(CpuState* s, ulong ea, out uint value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(uint) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(uint*)((nint)ea + entry->Addend));
            return true;
        }

        Unsafe.SkipInit(out value);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLoad<TMode>(CpuState* s, ulong ea, out ulong value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->ReadTag == ((ea + (sizeof(ulong) - 1)) & ~0xFFFUL))
        {
            value = ModeOps<TMode>.Order(*(ulong*)((nint)ea + entry->Addend));
            return true;
        }

        Unsafe.SkipInit(out value);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryStore<TMode>(CpuState* s, ulong ea, byte value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag != (ea & ~0xFFFUL))
            return false;
        *(byte*)((nint)ea + entry->Addend) = value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryStore<TMode>(CpuState* s, ulong ea, ushort value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag != ((ea + (sizeof(ushort) - 1)) & ~0xFFFUL))
            return false;
        *(ushort*)((nint)ea + entry->Addend) = ModeOps<TMode>.Order(value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryStore<TMode>(CpuState* s, ulong ea, uint value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag != ((ea + (sizeof(uint) - 1)) & ~0xFFFUL))
            return false;
        *(uint*)((nint)ea + entry->Addend) = ModeOps<TMode>.Order(value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryStore<TMode>(CpuState* s, ulong ea, ulong value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Entry(s, ea);
        if (entry->WriteTag != ((ea + (sizeof(ulong) - 1)) & ~0xFFFUL))
            return false;
        *(ulong*)((nint)ea + entry->Addend) = ModeOps<TMode>.Order(value);
        return true;
    }

    // An access that crosses a page fails the compare: its last byte's page is another entry's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TlbEntry* Entry(CpuState* s, ulong ea) =>
        (TlbEntry*)((byte*)(&s->DataTlb0)[ea >> 63] + ((ea >> (12 - EntryShift)) & ((ulong)(TlbEntry.Count - 1) << EntryShift)));
}
