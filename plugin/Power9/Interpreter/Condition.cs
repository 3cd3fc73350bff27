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
        s->Cr[0] = (byte)((value < 0 ? LT : value > 0 ? GT : EQ) | s->So);
    }

    /// <summary>OV and OV32, SO sticky (ISA 3.0B Book I 3.2.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetOverflow(CpuState* s, bool overflow, bool overflow32)
    {
        s->Ov = overflow ? (byte)1 : (byte)0;
        s->Ov32 = overflow32 ? (byte)1 : (byte)0;
        s->So |= s->Ov;
    }
}
