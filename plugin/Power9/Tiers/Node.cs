using System.Reflection;
using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What IL's evaluation stack tells apart. Native integers are 64-bit ones here.</summary>
internal enum Kind
{
    Int,
    Long,
    Single,
    Double,
    Struct,
    Address,
}

/// <summary>A variable of translated code. Assigned once on each path, unless its address is taken.</summary>
internal sealed class Variable(Kind kind, Type type)
{
    public Kind Kind { get; } = kind;

    public Type Type { get; } = type;

    /// <summary>Holds an address in the state.</summary>
    public bool InState { get; init; }

    public LocalBuilder? Local { get; set; }
}

/// <summary>A value: a tree without side effects.</summary>
internal abstract record Node(Kind Kind, Type Type)
{
    /// <summary>Known as soon as the slot is: made of its fields, its address, its page, and numbers.</summary>
    public virtual bool OfSlot => false;

    /// <summary>Has a part that becomes known with the slot.</summary>
    public virtual bool NamesSlot => false;
}

internal sealed record Constant(long Value, Kind Kind) : Node(Kind, Kind == Kind.Int ? typeof(int) : typeof(long))
{
    public override bool OfSlot => true;
}

/// <summary>A field of the slot; by its place in <see cref="Isa.Insn"/>.</summary>
internal sealed record SlotField(int Offset, MemoryType Access) : Node(Kind.Int, typeof(int))
{
    public override bool OfSlot => true;

    public override bool NamesSlot => true;
}

/// <summary>The address of the slot.</summary>
internal sealed record SlotAddress() : Node(Kind.Long, typeof(long))
{
    public override bool OfSlot => true;

    public override bool NamesSlot => true;
}

/// <summary>The address of the first slot of the page.</summary>
internal sealed record PageAddress() : Node(Kind.Long, typeof(long))
{
    public override bool OfSlot => true;

    public override bool NamesSlot => true;
}

/// <summary>A field of the state whose place depends on the slot: a register.</summary>
internal sealed record RegisterRead(int Base, Node Index, MemoryType Access) : Node(Access.Kind, Access.Type)
{
    public override bool NamesSlot => true;
}

internal sealed record RealConstant(double Value, Kind Kind) : Node(Kind, Kind == Kind.Single ? typeof(float) : typeof(double));

/// <summary>The address of a byte of <see cref="State.CpuState"/>.</summary>
internal sealed record StateAddress(int Offset) : Node(Kind.Long, typeof(long));

internal sealed record Read(Variable Variable) : Node(Variable.Kind, Variable.Type);

/// <summary>A field of the state at a known place.</summary>
internal sealed record StateRead(int Offset, MemoryType Access) : Node(Access.Kind, Access.Type);

internal sealed record Load(Node Address, MemoryType Access) : Node(Access.Kind, Access.Type)
{
    public override bool NamesSlot { get; } = Address.NamesSlot;
}

internal sealed record Unary(Operation Op, Node Value, Kind Kind) : Node(Kind, Kinds.TypeOf(Kind))
{
    public override bool OfSlot { get; } = Value.OfSlot;

    public override bool NamesSlot { get; } = Value.NamesSlot;
}

internal sealed record Binary(Operation Op, Node Left, Node Right, Kind Kind) : Node(Kind, Kinds.TypeOf(Kind))
{
    public override bool OfSlot { get; } = Left.OfSlot && Right.OfSlot;

    public override bool NamesSlot { get; } = Left.NamesSlot || Right.NamesSlot;
}

/// <summary>The address of a variable, for methods that give results so.</summary>
internal sealed record VariableAddress(Variable Variable) : Node(Kind.Address, Variable.Type);

/// <summary>A field of a value.</summary>
internal sealed record FieldOf(Node Value, FieldInfo Field, Kind Kind) : Node(Kind, Field.FieldType)
{
    public override bool NamesSlot { get; } = Value.NamesSlot;
}

/// <summary>A call of a method that knows nothing of the CPU.</summary>
internal sealed record Invoke(MethodBase Method, Node[] Arguments, Kind Kind, Type Type) : Node(Kind, Type)
{
    /// <summary>What is known of the method.</summary>
    public Callee Callee { get; } = Callee.Of(Method);

    public override bool OfSlot { get; } = CallTarget.Folds(Method) && Array.TrueForAll(Arguments, argument => argument.OfSlot);

    public override bool NamesSlot { get; } = Array.Exists(Arguments, argument => argument.NamesSlot);
}

internal static class Kinds
{
    public static Type TypeOf(Kind kind) => kind switch
    {
        Kind.Int => typeof(int),
        Kind.Long => typeof(long),
        Kind.Single => typeof(float),
        Kind.Double => typeof(double),
        _ => throw new UntranslatableException($"no type for {kind}"),
    };

    public static Kind Of(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint))
            return Kind.Long;
        if (type.IsByRef)
            return Kind.Address;
        if (type.IsEnum)
            type = Enum.GetUnderlyingType(type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Char or TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 => Kind.Int,
            TypeCode.Int64 or TypeCode.UInt64 => Kind.Long,
            TypeCode.Single => Kind.Single,
            TypeCode.Double => Kind.Double,
            _ when type.IsValueType => Kind.Struct,
            _ => throw new UntranslatableException($"values of {type}"),
        };
    }
}
