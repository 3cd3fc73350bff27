using System.Reflection;
using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Op">What it is.</param>
/// <param name="Operand">Number, variable, or offset of a branch's target.</param>
/// <param name="Member">Method, field or type.</param>
/// <param name="Next">Where the next one begins.</param>
internal sealed record IlInstruction(int Offset, OpCode Op, long Operand, object? Member, int Next)
{
    public string Name { get; } = Op.Name!;

    public Operation Operation { get; } = Operations.Of(Op);

    public bool IsBranch { get; } = Op.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget;

    /// <summary>What ldind and stind access.</summary>
    public MemoryType? Access { get; } = MemoryType.Of(Op);

    public IlGroup Group { get; } = GroupOf(Op.Name!);

    /// <summary>Number of an argument, local, or the constant.</summary>
    public long Number { get; } = NumberOf(Op.Name!, Operand);

    /// <summary>Of a call, once it was looked at.</summary>
    public CallTarget? Called { get; set; }

    /// <summary>Of a branch: the number of the block that it goes to.</summary>
    public int Target { get; set; } = -1;

    /// <summary>Number of the block that begins behind it, or -1.</summary>
    public int Following { get; set; } = -1;

    /// <summary>How a field or object lies in memory.</summary>
    public MemoryType MemberAccess => memberAccess ??= MemoryType.Of(Member is FieldInfo field ? field.FieldType : (Type)Member!);

    /// <summary>Where a field lies in its type.</summary>
    public int FieldOffset => fieldOffset ??= Layout.OffsetOf((FieldInfo)Member!);

    private MemoryType? memberAccess;
    private int? fieldOffset;

    private static IlGroup GroupOf(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return (dot < 0 ? name : name[..dot]) switch
        {
            "ldind" => IlGroup.LoadIndirect,
            "stind" => IlGroup.StoreIndirect,
            "conv" => IlGroup.Convert,
            "ldarg" => IlGroup.LoadArgument,
            "ldloc" => IlGroup.LoadLocal,
            "stloc" => IlGroup.StoreLocal,
            "ldc" when name.StartsWith("ldc.i4", StringComparison.Ordinal) => IlGroup.Constant,
            "add" or "sub" or "mul" or "div" or "rem" or "and" or "or" or "xor" or "shl" or "shr" or "ceq" or "cgt" or "clt" when !name.Contains("ovf", StringComparison.Ordinal) => IlGroup.Binary,
            _ => IlGroup.Other,
        };
    }

    private static long NumberOf(string name, long operand)
    {
        if (name == "ldc.i4.m1")
            return -1;
        return name.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(name[^1]) && name[^2] == '.' ? name[^1] - '0' : operand;
    }
}

internal enum IlGroup
{
    Other,
    LoadIndirect,
    StoreIndirect,
    Convert,
    LoadArgument,
    LoadLocal,
    StoreLocal,
    Constant,
    Binary,
}
