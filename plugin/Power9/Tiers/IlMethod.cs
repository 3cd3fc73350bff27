using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>The IL of one method with its type arguments bound: instructions, and where its basic blocks begin.</summary>
internal sealed class IlMethod
{
    private static readonly ConcurrentDictionary<MethodBase, IlMethod?> Known = new();
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];

    static IlMethod()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var code = (OpCode)field.GetValue(null)!;
            if (code.Size == 1)
                OneByte[code.Value & 0xFF] = code;
            else
                TwoBytes[code.Value & 0xFF] = code;
        }
    }

    private IlMethod(MethodBase method, MethodBody body, List<IlInstruction> code)
    {
        Method = method;
        Code = [.. code];
        Locals = [.. body.LocalVariables.Select(local => local.LocalType)];
        Parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        if (!method.IsStatic)
            Parameters = [method.DeclaringType!.MakeByRefType(), .. Parameters];
        ReturnType = method is MethodInfo info ? info.ReturnType : typeof(void);
        ZeroesLocals = body.InitLocals;

        var starts = new SortedSet<int> { 0 };
        foreach (IlInstruction instruction in code)
        {
            if (instruction.IsBranch)
            {
                starts.Add((int)instruction.Operand);
                starts.Add(instruction.Next);
            }
            else if (instruction.Op.FlowControl is FlowControl.Return or FlowControl.Throw)
            {
                starts.Add(instruction.Next);
            }

            if (instruction.Op == OpCodes.Ldloca || instruction.Op == OpCodes.Ldloca_S)
                AddressTaken.Add((int)instruction.Operand);
            if (instruction.Op == OpCodes.Ldarga || instruction.Op == OpCodes.Ldarga_S)
                ArgumentAddressTaken.Add((int)instruction.Operand);
        }

        // A start behind the last instruction has no block.
        int[] offsets = [.. starts.Where(start => start < code[^1].Next)];
        Blocks = [.. offsets.Select(offset => code.FindIndex(instruction => instruction.Offset == offset))];
        foreach (IlInstruction instruction in code)
        {
            if (instruction.IsBranch)
                instruction.Target = Array.IndexOf(offsets, (int)instruction.Operand);
            instruction.Following = Array.IndexOf(offsets, instruction.Next);
        }
    }

    public MethodBase Method { get; }

    public IlInstruction[] Code { get; }

    public Type[] Locals { get; }

    public Type[] Parameters { get; }

    public Type ReturnType { get; }

    public bool ZeroesLocals { get; }

    /// <summary>Indices in <see cref="Code"/> at which a basic block begins.</summary>
    public int[] Blocks { get; }

    public List<int> AddressTaken { get; } = [];

    public List<int> ArgumentAddressTaken { get; } = [];

    /// <summary>The method, or null if it has no IL or a shape that is not followed: loops, handlers of exceptions.</summary>
    public static IlMethod? Of(MethodBase method) => Known.GetOrAdd(method, Read);

    private static IlMethod? Read(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body || body.ExceptionHandlingClauses.Count != 0 || body.GetILAsByteArray() is not { } bytes)
            return null;
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var code = new List<IlInstruction>();
        int at = 0;
        while (at < bytes.Length)
        {
            int offset = at;
            OpCode op = bytes[at] == 0xFE ? TwoBytes[bytes[at + 1]] : OneByte[bytes[at]];
            at += op.Size;
            long operand = 0;
            object? member = null;
            ReadOnlySpan<byte> rest = bytes.AsSpan(at);
            switch (op.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                    operand = at + 1 + (sbyte)rest[0];
                    at += 1;
                    break;
                case OperandType.ShortInlineI:
                    operand = (sbyte)rest[0];
                    at += 1;
                    break;
                case OperandType.ShortInlineVar:
                    operand = rest[0];
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    operand = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                    at += 2;
                    break;
                case OperandType.InlineBrTarget:
                    operand = at + 4 + BinaryPrimitives.ReadInt32LittleEndian(rest);
                    at += 4;
                    break;
                case OperandType.InlineI:
                case OperandType.ShortInlineR:
                    operand = BinaryPrimitives.ReadInt32LittleEndian(rest);
                    at += 4;
                    break;
                case OperandType.InlineI8:
                case OperandType.InlineR:
                    operand = BinaryPrimitives.ReadInt64LittleEndian(rest);
                    at += 8;
                    break;
                case OperandType.InlineMethod:
                case OperandType.InlineField:
                case OperandType.InlineType:
                case OperandType.InlineTok:
                    member = method.Module.ResolveMember(BinaryPrimitives.ReadInt32LittleEndian(rest), typeArguments, methodArguments);
                    at += 4;
                    break;
                default:
                    return null;
            }

            var instruction = new IlInstruction(offset, op, operand, member, at);
            if (instruction.IsBranch && operand <= offset)
                return null;
            code.Add(instruction);
        }

        return new IlMethod(method, body, code);
    }
}
