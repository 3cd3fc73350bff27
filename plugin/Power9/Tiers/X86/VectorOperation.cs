using System.Reflection;
using System.Runtime.Intrinsics;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>An AVX instruction with two sources that a method of <see cref="Vector128"/> is.</summary>
/// <param name="Map">1 = 0F, 2 = 0F38.</param>
/// <param name="Opcode">All have the prefix 66.</param>
/// <param name="Swaps">The sources change places.</param>
/// <param name="Wide">VEX.W.</param>
internal readonly record struct VectorOperation(int Map, int Opcode, bool Swaps = false, bool Wide = false)
{
    /// <summary>Type of the elements that a method works on: of its first parameter, or of the type that it belongs to.</summary>
    public static Type? ElementOf(MethodBase method)
    {
        if (method.DeclaringType is { IsGenericType: true } type)
            return type.GetGenericArguments()[0];
        return method.GetParameters() is [var first, ..] && first.ParameterType is { IsGenericType: true } parameter ? parameter.GetGenericArguments()[0] : null;
    }

    /// <summary>Bytes of an element, of whole numbers only.</summary>
    public static int? SizeOf(Type element) => Type.GetTypeCode(element) switch
    {
        TypeCode.Byte or TypeCode.SByte => 1,
        TypeCode.UInt16 or TypeCode.Int16 => 2,
        TypeCode.UInt32 or TypeCode.Int32 => 4,
        TypeCode.UInt64 or TypeCode.Int64 => 8,
        _ => null,
    };

    public static VectorOperation? Of(MethodBase method)
    {
        if (method.DeclaringType?.Namespace?.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) != true || ElementOf(method) is not { } element)
            return null;
        TypeCode code = Type.GetTypeCode(element);
        bool real = code is TypeCode.Single or TypeCode.Double;
        int size = code switch
        {
            TypeCode.Byte or TypeCode.SByte => 0,
            TypeCode.UInt16 or TypeCode.Int16 => 1,
            TypeCode.UInt32 or TypeCode.Int32 => 2,
            TypeCode.UInt64 or TypeCode.Int64 => 3,
            _ => -1,
        };
        bool signed = code is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;
        switch (method.Name)
        {
            case "op_BitwiseAnd" or "BitwiseAnd":
                return new(1, 0xDB);
            case "op_BitwiseOr" or "BitwiseOr":
                return new(1, 0xEB);
            case "op_ExclusiveOr" or "Xor":
                return new(1, 0xEF);
            case "AndNot" when method.DeclaringType == typeof(Vector128):
                return new(1, 0xDF, Swaps: true);
        }

        if (method.DeclaringType == typeof(System.Runtime.Intrinsics.X86.Aes))
        {
            return method.Name switch
            {
                "Encrypt" => new(2, 0xDC),
                "EncryptLast" => new(2, 0xDD),
                "DecryptLast" => new(2, 0xDF),
                _ => null,
            };
        }

        if (method.DeclaringType == typeof(System.Runtime.Intrinsics.X86.Avx2))
        {
            return method.Name switch
            {
                "ShiftRightLogicalVariable" => new(2, 0x45, Wide: size == 3),
                "ShiftLeftLogicalVariable" => new(2, 0x47, Wide: size == 3),
                "ShiftRightArithmeticVariable" => new(2, 0x46),
                _ => null,
            };
        }

        if (real || size < 0)
            return null;
        return method.Name switch
        {
            "op_Addition" or "Add" => new(1, size == 3 ? 0xD4 : 0xFC + size),
            "op_Subtraction" or "Subtract" => new(1, 0xF8 + size),
            "op_Multiply" or "Multiply" when size == 1 && method.GetParameters()[1].ParameterType.IsGenericType => new(1, 0xD5),
            "op_Multiply" or "Multiply" when size == 2 && method.GetParameters()[1].ParameterType.IsGenericType => new(2, 0x40),
            "Equals" or "CompareEqual" when size < 3 => new(1, 0x74 + size),
            "Equals" or "CompareEqual" => new(2, 0x29),
            "GreaterThan" when signed && size < 3 => new(1, 0x64 + size),
            "GreaterThan" when signed => new(2, 0x37),
            "Min" when code == TypeCode.Byte => new(1, 0xDA),
            "Max" when code == TypeCode.Byte => new(1, 0xDE),
            "Min" when code == TypeCode.Int16 => new(1, 0xEA),
            "Max" when code == TypeCode.Int16 => new(1, 0xEE),
            "Min" when size < 3 => new(2, code switch { TypeCode.SByte => 0x38, TypeCode.Int32 => 0x39, TypeCode.UInt16 => 0x3A, _ => 0x3B }),
            "Max" when size < 3 => new(2, code switch { TypeCode.SByte => 0x3C, TypeCode.Int32 => 0x3D, TypeCode.UInt16 => 0x3E, _ => 0x3F }),
            "Shuffle" when method.DeclaringType == typeof(System.Runtime.Intrinsics.X86.Ssse3) => new(2, 0x00),
            _ => null,
        };
    }
}
