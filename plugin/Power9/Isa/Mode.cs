using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Isa;

/// <summary>What MSR[SF] and MSR[LE] fix when a page is decoded. A handler with a type parameter <c>TMode</c> is compiled once for each.</summary>
public interface IMode
{
    /// <summary>MSR[LE].</summary>
    static abstract bool LittleEndian { get; }

    /// <summary>MSR[SF].</summary>
    static abstract bool Is64Bit { get; }
}

/// <summary>64-bit little-endian: Linux ppc64le.</summary>
public readonly struct Le64 : IMode
{
    public static bool LittleEndian => true;
    public static bool Is64Bit => true;
}

/// <summary>64-bit big-endian: interrupts with HILE=0, firmware.</summary>
public readonly struct Be64 : IMode
{
    public static bool LittleEndian => false;
    public static bool Is64Bit => true;
}

/// <summary>32-bit big-endian: Open Firmware clients such as VOF.</summary>
public readonly struct Be32 : IMode
{
    public static bool LittleEndian => false;
    public static bool Is64Bit => false;
}

/// <summary>32-bit little-endian.</summary>
public readonly struct Le32 : IMode
{
    public static bool LittleEndian => true;
    public static bool Is64Bit => false;
}

/// <summary>A one-bit instruction field known at decode time: a type parameter <c>TRc</c>, <c>TOe</c>, <c>TLk</c> … is bound to <see cref="On"/> or <see cref="Off"/> by that bit.</summary>
public interface IFlag
{
    /// <summary>The bit's value.</summary>
    static abstract bool Set { get; }
}

public readonly struct On : IFlag
{
    public static bool Set => true;
}

public readonly struct Off : IFlag
{
    public static bool Set => false;
}

/// <summary>Helpers that fold to constants for each mode.</summary>
public static class ModeOps<TMode>
    where TMode : struct, IMode
{
    /// <summary>Effective address: 32-bit mode uses the low word only (ISA 3.0B Book I 1.10.3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Ea(ulong address) => TMode.Is64Bit ? address : (uint)address;

    /// <summary>Memory order to number; memory is read as host little-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Order(ushort value) => TMode.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Order(uint value) => TMode.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Order(ulong value) => TMode.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Order(UInt128 value) => TMode.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
}
