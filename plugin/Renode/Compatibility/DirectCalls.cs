using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace RenodeUvmem.Renode.Compatibility;

/// <summary>Calls in a method's code that name the very method to run: not those that pick an override when they run.</summary>
internal static class DirectCalls
{
    // ECMA-335 III.1.2: codes of two bytes begin with this one.
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Methods that are called directly.</summary>
    public static List<MethodBase> Of(MethodBase method)
    {
        var called = new List<MethodBase>();
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        int at = 0;
        while (at < code.Length)
        {
            short value = code[at++];
            if (value == Prefix)
                value = (short)((Prefix << 8) | code[at++]);
            OpCode op = OpCodesByValue[value];
            if (op == OpCodes.Call)
                called.Add(method.Module.ResolveMethod(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)), typeArguments, methodArguments)!);
            at += OperandSize(op, code.AsSpan(at));
        }

        return called;
    }

    private static int OperandSize(OpCode op, ReadOnlySpan<byte> operand) => op.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(operand)),
        _ => 4,
    };
}
