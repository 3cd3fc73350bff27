using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>What happens to one element, for operations that hosts have no vector instruction for.</summary>
internal interface ILaneOp<T>
    where T : unmanaged
{
    /// <summary>Result of one pair of elements.</summary>
    static abstract T Apply(T a, T b);
}

/// <summary>What happens to one element on its own.</summary>
internal interface IUnaryLaneOp<T>
    where T : unmanaged
{
    /// <summary>Result of one element.</summary>
    static abstract T Apply(T a);
}

/// <summary>Applies element operations to whole registers.</summary>
internal static unsafe class Each<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<TOp>(Vector128<T> a, Vector128<T> b)
        where TOp : struct, ILaneOp<T>
    {
        Vector128<T> result = default;
        for (int k = 0; k < Vector128<T>.Count; k++)
            ((T*)&result)[k] = TOp.Apply(((T*)&a)[k], ((T*)&b)[k]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<TOp>(Vector128<T> a)
        where TOp : struct, IUnaryLaneOp<T>
    {
        Vector128<T> result = default;
        for (int k = 0; k < Vector128<T>.Count; k++)
            ((T*)&result)[k] = TOp.Apply(((T*)&a)[k]);
        return result;
    }
}

/// <summary>Shift left by b modulo the element's width.</summary>
internal readonly struct ShiftLeft<T> : ILaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a, T b) => a << (int.CreateTruncating(b) & ((8 * Unsafe.SizeOf<T>()) - 1));
}

/// <summary>Shift right by b modulo the element's width; arithmetic for signed elements.</summary>
internal readonly struct ShiftRight<T> : ILaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a, T b) => a >> (int.CreateTruncating(b) & ((8 * Unsafe.SizeOf<T>()) - 1));
}

/// <summary>Rotate left by b modulo the element's width.</summary>
internal readonly struct RotateLeft<T> : ILaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a, T b) => T.RotateLeft(a, int.CreateTruncating(b) & ((8 * Unsafe.SizeOf<T>()) - 1));
}

/// <summary>Product, low half.</summary>
internal readonly struct Multiply<T> : ILaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a, T b) => unchecked(a * b);
}

/// <summary>Leading zero bits.</summary>
internal readonly struct LeadingZeros<T> : IUnaryLaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a) => T.LeadingZeroCount(a);
}

/// <summary>Trailing zero bits.</summary>
internal readonly struct TrailingZeros<T> : IUnaryLaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a) => T.TrailingZeroCount(a);
}

/// <summary>One bits.</summary>
internal readonly struct PopulationCount<T> : IUnaryLaneOp<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T a) => T.PopCount(a);
}
