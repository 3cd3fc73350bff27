using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>CR and XER updates shared by fixed-point instructions.</summary>
public static unsafe class Condition
{
    public const byte LT = 8;
    public const byte GT = 4;
    public const byte EQ = 2;
    public const byte SO = 1;

    /// <summary>CR0 from a result: 64-bit compare with zero in 64-bit mode, 32-bit in 32-bit mode, SO copied (ISA 3.0B Book I 2.3.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetCr0<TMode>(CpuState* s, ulong result)
        where TMode : struct, IMode
    {
        long value = TMode.Is64Bit ? (long)result : (int)result;
        s->Cr[0] = (byte)(Compare(value, 0) | s->So);
    }

    /// <summary>LT, GT or EQ by a signed compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(long a, long b) => a < b ? LT : a > b ? GT : EQ;

    /// <summary>LT, GT or EQ by an unsigned compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(ulong a, ulong b) => a < b ? LT : a > b ? GT : EQ;

    /// <summary>OV and OV32, SO sticky; in 32-bit mode OV is the word's overflow (ISA 3.0B Book I 3.2.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetOverflow<TMode>(CpuState* s, bool overflow, bool overflow32)
        where TMode : struct, IMode
    {
        s->Ov32 = overflow32 ? (byte)1 : (byte)0;
        s->Ov = (TMode.Is64Bit ? overflow : overflow32) ? (byte)1 : (byte)0;
        s->So |= s->Ov;
    }

    /// <summary>OV and OV32 alike: multiply and divide (ISA 3.0B Book I 3.2.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetOverflow(CpuState* s, bool overflow)
    {
        s->Ov32 = s->Ov = overflow ? (byte)1 : (byte)0;
        s->So |= s->Ov;
    }
}
