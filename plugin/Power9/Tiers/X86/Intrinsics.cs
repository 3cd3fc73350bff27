using System.Buffers.Binary;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RenodeUvmem.Power9.Interpreter;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Methods that the code generator has instructions for.</summary>
internal static class Intrinsics
{
    /// <summary>Whether the host has the instructions that generated code uses throughout.</summary>
    public static bool HostHasAll => Bmi2.X64.IsSupported && Lzcnt.X64.IsSupported && Bmi1.X64.IsSupported && Popcnt.X64.IsSupported && Avx2.IsSupported;

    public static bool IsCompare(MethodBase method) => method.DeclaringType == typeof(Condition) && method.Name == nameof(Condition.Compare);

    public static Intrinsic Of(MethodBase method)
    {
        Type? type = method.DeclaringType;
        bool wide = method.GetParameters() is [var first, ..] && (first.ParameterType == typeof(ulong) || first.ParameterType == typeof(long));
        if (type == typeof(Condition))
            return IsCompare(method) ? (wide && method.GetParameters()[0].ParameterType == typeof(long) ? Intrinsic.CompareSigned : Intrinsic.CompareUnsigned) : Intrinsic.None;
        if (type == typeof(BitOperations))
        {
            return method.Name switch
            {
                nameof(BitOperations.RotateLeft) => Intrinsic.RotateLeft,
                nameof(BitOperations.LeadingZeroCount) => Intrinsic.LeadingZeros,
                nameof(BitOperations.TrailingZeroCount) => Intrinsic.TrailingZeros,
                nameof(BitOperations.PopCount) => Intrinsic.PopCount,
                _ => Intrinsic.None,
            };
        }

        if (type == typeof(Math) && method.Name == nameof(Math.BigMul) && method.GetParameters() is [_, _, { ParameterType.IsByRef: true }])
            return Intrinsic.MultiplyHigh;
        if (type == typeof(Vector128) || (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(Vector128<>)))
        {
            return method.Name switch
            {
                "op_Equality" => Intrinsic.EqualVectors,
                nameof(Vector128.ExtractMostSignificantBits) when VectorOperation.ElementOf(method) == typeof(byte) => Intrinsic.SignBits,
                nameof(Vector128.GetElement) when VectorOperation.ElementOf(method) == typeof(ulong) => Intrinsic.Element,
                _ => Intrinsic.None,
            };
        }

        if (type == typeof(BinaryPrimitives) && method.Name == nameof(BinaryPrimitives.ReverseEndianness))
            return Intrinsic.ReverseBytes;
        if (type == typeof(HostExchange) && method.Name == nameof(HostExchange.Whole))
            return Intrinsic.Exchange;
        if (type == typeof(Interlocked) && method.Name == nameof(Interlocked.MemoryBarrier))
            return Intrinsic.Fence;
        return type == typeof(Unsafe) && method.Name == nameof(Unsafe.InitBlockUnaligned) ? Intrinsic.Fill : Intrinsic.None;
    }
}

/// <summary>What a method does, if there are instructions for it.</summary>
internal enum Intrinsic
{
    None,
    CompareSigned,
    CompareUnsigned,
    RotateLeft,
    LeadingZeros,
    TrailingZeros,
    PopCount,
    ReverseBytes,
    Exchange,
    Fence,
    Fill,
    MultiplyHigh,
    EqualVectors,
    SignBits,
    Element,
}
