using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Saturating lane arithmetic; VSCR[SAT] is sticky (ISA 3.0B Book I 6.3.2).</summary>
internal static unsafe class Saturate
{
    public const uint SAT = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddUnsigned<T>(CpuState* s, Vector128<T> a, Vector128<T> b)
        where T : unmanaged
    {
        Vector128<T> sum = a + b;
        Vector128<T> over = Vector128.LessThan(sum, a);
        Note(s, over);
        return sum | over;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SubtractUnsigned<T>(CpuState* s, Vector128<T> a, Vector128<T> b)
        where T : unmanaged
    {
        Vector128<T> under = Vector128.LessThan(a, b);
        Note(s, under);
        return Vector128.AndNot(a - b, under);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddSigned<T>(CpuState* s, Vector128<T> a, Vector128<T> b)
        where T : unmanaged, IMinMaxValue<T>
    {
        Vector128<T> sum = a + b;
        return Signed(s, a, sum, (a ^ sum) & (b ^ sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SubtractSigned<T>(CpuState* s, Vector128<T> a, Vector128<T> b)
        where T : unmanaged, IMinMaxValue<T>
    {
        Vector128<T> difference = a - b;
        return Signed(s, a, difference, (a ^ b) & (a ^ difference));
    }

    /// <summary>Sets SAT if a lane of the mask is not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Note<T>(CpuState* s, Vector128<T> mask)
        where T : unmanaged
    {
        if (mask != Vector128<T>.Zero)
            s->Vscr |= SAT;
    }

    /// <summary>Clamps to min..max; SAT if that changed the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Clamp(CpuState* s, long value, long min, long max)
    {
        if (value >= min && value <= max)
            return value;
        s->Vscr |= SAT;
        return value < min ? min : max;
    }

    // Lanes whose sign bit is set in overflow become the extreme value of a's sign.
    private static Vector128<T> Signed<T>(CpuState* s, Vector128<T> a, Vector128<T> result, Vector128<T> overflow)
        where T : unmanaged, IMinMaxValue<T>
    {
        Vector128<T> over = Vector128.LessThan(overflow, Vector128<T>.Zero);
        Note(s, over);
        Vector128<T> extreme = Vector128.Create(T.MaxValue) ^ Vector128.LessThan(a, Vector128<T>.Zero);
        return Vector128.ConditionalSelect(over, extreme, result);
    }
}
