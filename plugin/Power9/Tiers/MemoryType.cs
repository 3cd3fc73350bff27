using System.Collections.Concurrent;
using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>How a value lies in memory: its type and IL's instructions for it.</summary>
internal sealed record MemoryType(Type Type, Kind Kind, int Size)
{
    // Trees are full of them.
    private static readonly ConcurrentDictionary<Type, MemoryType> Known = new();

    /// <summary>By the type of a field or of an object.</summary>
    public static MemoryType Of(Type type) => Known.GetOrAdd(type, Make);

    private static MemoryType Make(Type type)
    {
        if (type.IsEnum)
            type = Enum.GetUnderlyingType(type);
        if (type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint))
            type = typeof(long);
        Kind kind = Kinds.Of(type);
        if (kind == Kind.Struct)
            return new MemoryType(type, kind, Layout.SizeOf(type));
        int size = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.SByte or TypeCode.Byte => 1,
            TypeCode.Char or TypeCode.Int16 or TypeCode.UInt16 => 2,
            TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => 4,
            _ => 8,
        };
        return new MemoryType(Normal(type), kind, size);
    }

    /// <summary>By a ldind or stind instruction, or null.</summary>
    public static MemoryType? Of(OpCode op)
    {
        Type? type = op.Name switch
        {
            "ldind.i1" => typeof(sbyte),
            "ldind.u1" or "stind.i1" => typeof(byte),
            "ldind.i2" => typeof(short),
            "ldind.u2" or "stind.i2" => typeof(ushort),
            "ldind.i4" => typeof(int),
            "ldind.u4" or "stind.i4" => typeof(uint),
            "ldind.i8" or "stind.i8" or "ldind.i" or "stind.i" => typeof(long),
            "ldind.r4" or "stind.r4" => typeof(float),
            "ldind.r8" or "stind.r8" => typeof(double),
            _ => null,
        };
        return type is null ? null : Of(type);
    }

    public void EmitLoad(ILGenerator il)
    {
        switch (Type.GetTypeCode(Type))
        {
            case TypeCode.SByte:
                il.Emit(OpCodes.Ldind_I1);
                break;
            case TypeCode.Byte:
                il.Emit(OpCodes.Ldind_U1);
                break;
            case TypeCode.Int16:
                il.Emit(OpCodes.Ldind_I2);
                break;
            case TypeCode.UInt16:
                il.Emit(OpCodes.Ldind_U2);
                break;
            case TypeCode.Int32:
                il.Emit(OpCodes.Ldind_I4);
                break;
            case TypeCode.UInt32:
                il.Emit(OpCodes.Ldind_U4);
                break;
            case TypeCode.Int64:
                il.Emit(OpCodes.Ldind_I8);
                break;
            default:
                il.Emit(OpCodes.Ldobj, Type);
                break;
        }
    }

    public void EmitStore(ILGenerator il)
    {
        switch (Size)
        {
            case 1 when Kind == Kind.Int:
                il.Emit(OpCodes.Stind_I1);
                break;
            case 2 when Kind == Kind.Int:
                il.Emit(OpCodes.Stind_I2);
                break;
            case 4 when Kind == Kind.Int:
                il.Emit(OpCodes.Stind_I4);
                break;
            case 8 when Kind == Kind.Long:
                il.Emit(OpCodes.Stind_I8);
                break;
            default:
                il.Emit(OpCodes.Stobj, Type);
                break;
        }
    }

    /// <summary>Cuts a value on the stack to what memory of this type would give back.</summary>
    public Operation? Truncation => Type.GetTypeCode(Type) switch
    {
        TypeCode.SByte => Operation.ConvI1,
        TypeCode.Byte => Operation.ConvU1,
        TypeCode.Int16 => Operation.ConvI2,
        TypeCode.UInt16 => Operation.ConvU2,
        _ => null,
    };

    private static Type Normal(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => typeof(byte),
        TypeCode.Char => typeof(ushort),
        TypeCode.UInt64 => typeof(long),
        _ => type,
    };
}
