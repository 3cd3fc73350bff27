using System.Runtime.Intrinsics;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Trees whose value is a vector of 16 bytes, in XMM registers.</summary>
internal sealed partial class NativeCompiler
{
    // XMM registers that are free within the statement, as a mask.
    private int freeVectors;

    public static bool IsVector(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector128<>);

    private int TakeVector()
    {
        if (freeVectors == 0)
            throw new UntranslatableException("too few vector registers");
        int number = System.Numerics.BitOperations.TrailingZeroCount(freeVectors);
        freeVectors &= freeVectors - 1;
        return number;
    }

    private void ReleaseVector(int vector, bool owned)
    {
        if (owned)
            freeVectors |= 1 << vector;
    }

    private int VectorValue(Node node, out bool owned)
    {
        owned = false;
        if (node is Read read && template.Of(read.Variable).Vector is >= 0 and var own)
            return own;
        owned = true;
        int vector = TakeVector();
        VectorInto(vector, node);
        return vector;
    }

    // Sources are read before the result is written, and no vector variable shares a register with another one that is alive.
    private void VectorInto(int to, Node node)
    {
        if (!IsVector(node.Type))
            throw new UntranslatableException($"a vector of {node.Type.Name}");
        switch (node)
        {
            case Read read:
                int from = template.Of(read.Variable).Vector;
                if (from != to)
                    code.Avx(1, 1, 0x6F, to, 0, from);
                break;
            case StateRead read:
                code.Avx(1, 2, 0x6F, to, 0, Operand.At(Register.Rdi, read.Offset));
                break;
            case Load load:
                int held = 0;
                code.Avx(1, 2, 0x6F, to, 0, Address(load.Address, ref held));
                ReleaseAll(held);
                break;
            case Invoke invoke:
                EmitVectorOperation(to, invoke);
                break;
            default:
                throw new UntranslatableException(node.GetType().Name);
        }
    }

    private void EmitVectorOperation(int to, Invoke invoke)
    {
        string name = invoke.Method.Name;
        Node[] arguments = invoke.Arguments;
        if (invoke.Callee.Vector is { } operation && arguments.Length == 2)
        {
            int left = VectorValue(arguments[operation.Swaps ? 1 : 0], out bool ownedLeft);
            int right = VectorValue(arguments[operation.Swaps ? 0 : 1], out bool ownedRight);
            code.Avx(operation.Map, 1, operation.Opcode, to, left, right, operation.Wide);
            ReleaseVector(left, ownedLeft);
            ReleaseVector(right, ownedRight);
            return;
        }

        bool generic = invoke.Method.DeclaringType == typeof(Vector128) || IsVector(invoke.Method.DeclaringType!);
        switch (name)
        {
            case "InverseMixColumns" when invoke.Method.DeclaringType == typeof(System.Runtime.Intrinsics.X86.Aes):
                int columns = VectorValue(arguments[0], out bool ownedColumns);
                code.Avx(2, 1, 0xDB, to, 0, columns);
                ReleaseVector(columns, ownedColumns);
                break;
            case "get_Zero" when generic:
                code.Avx(1, 1, 0xEF, to, to, to);
                break;
            case "get_AllBitsSet" when generic:
                code.Avx(1, 1, 0x74, to, to, to);
                break;
            case "op_OnesComplement" when generic:
                int value = VectorValue(arguments[0], out bool owned), ones = TakeVector();
                code.Avx(1, 1, 0x74, ones, ones, ones);
                code.Avx(1, 1, 0xEF, to, value, ones);
                ReleaseVector(ones, true);
                ReleaseVector(value, owned);
                break;
            case "Create" when generic:
                EmitCreate(to, invoke);
                break;
            case "op_LeftShift" or "op_RightShift" or "op_UnsignedRightShift" when generic && arguments[1] is Constant shift:
                EmitVectorShift(to, invoke, name, (int)shift.Value);
                break;
            case "Shuffle" when generic && arguments[1] is Invoke { Method.Name: "Create" } table && Array.TrueForAll(table.Arguments, argument => argument is Constant) && arguments[0].Type != typeof(Vector128<ulong>):
                EmitShuffle(to, arguments[0], table);
                break;
            case "Shuffle" when generic && arguments[1] is Invoke { Method.Name: "Create", Arguments: [Constant { Kind: Kind.Long } first, Constant second] } && (first.Value | second.Value | 1) == 1:
                // vpshufd: doublewords by their halves.
                int source = VectorValue(arguments[0], out bool ownedSource);
                code.Avx(1, 1, 0x70, to, 0, source);
                code.Byte((first.Value == 0 ? 0x4 : 0xE) | (second.Value == 0 ? 0x40 : 0xE0));
                ReleaseVector(source, ownedSource);
                break;
            case not null when generic && name.StartsWith("As", StringComparison.Ordinal) && arguments.Length == 1:
                VectorInto(to, arguments[0]);
                break;
            default:
                throw Unknown(invoke);
        }
    }

    private void EmitCreate(int to, Invoke invoke)
    {
        Node[] arguments = invoke.Arguments;
        if (Array.TrueForAll(arguments, argument => argument is Constant))
        {
            (ulong low, ulong high) = Bits(invoke);
            EmitConstant(to, low, high);
            return;
        }

        if (arguments.Length == 1 && arguments[0].Kind is Kind.Int or Kind.Long)
        {
            EmitBroadcast(to, invoke);
            return;
        }

        if (arguments.Length != 2 || arguments[0].Kind != Kind.Long || arguments[1].Kind != Kind.Long)
            throw Unknown(invoke);

        // vmovq, vpinsrq. The second number may be read after the first has its register.
        Register first = Value(arguments[0], out bool ownedFirst);
        code.Avx(1, 1, 0x6E, to, 0, (int)first, wide: true);
        Release(first, ownedFirst);
        Register second = Value(arguments[1], out bool ownedSecond);
        code.Avx(3, 1, 0x22, to, to, (int)second, wide: true);
        code.Byte(1);
        Release(second, ownedSecond);
    }

    // vmovd or vmovq, vpbroadcast.
    private void EmitBroadcast(int to, Invoke create)
    {
        int size = VectorOperation.SizeOf(create.Type.GetGenericArguments()[0]) ?? throw Unknown(create);
        Register value = Value(create.Arguments[0], out bool owned);
        code.Avx(1, 1, 0x6E, to, 0, (int)value, wide: size == 8);
        code.Avx(2, 1, size switch { 1 => 0x78, 2 => 0x79, 4 => 0x58, _ => 0x59 }, to, 0, to);
        Release(value, owned);
    }

    // Shifts of all elements by one number; C# takes it modulo the size of an element.
    private void EmitVectorShift(int to, Invoke invoke, string name, int count)
    {
        Type element = invoke.Type.GetGenericArguments()[0];
        int size = VectorOperation.SizeOf(element) ?? throw Unknown(invoke);
        bool left = name == "op_LeftShift";
        bool signed = name == "op_RightShift" && (element == typeof(short) || element == typeof(int));
        if (size == 1 || (name == "op_RightShift" && (element == typeof(sbyte) || element == typeof(long))))
            throw Unknown(invoke);
        int value = VectorValue(invoke.Arguments[0], out bool owned);
        code.Avx(1, 1, size switch { 2 => 0x71, 4 => 0x72, _ => 0x73 }, left ? 6 : signed ? 4 : 2, to, value);
        code.Byte(count & ((size * 8) - 1));
        ReleaseVector(value, owned);
    }

    // Elements by a table of numbers: vpshufb with the table of their bytes. What is out of range is zero.
    private void EmitShuffle(int to, Node elements, Invoke table)
    {
        int size = VectorOperation.SizeOf(table.Type.GetGenericArguments()[0]) ?? throw Unknown(table);
        (ulong low, ulong high) = Bits(table);
        Span<byte> numbers = stackalloc byte[16], bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(numbers, low);
        BitConverter.TryWriteBytes(numbers[8..], high);
        for (int k = 0; k < 16; k++)
        {
            Span<byte> number = numbers.Slice(k / size * size, size);
            bytes[k] = number[0] >= 16 / size || number[1..].ContainsAnyExcept((byte)0) ? (byte)0x80 : (byte)((number[0] * size) + (k % size));
        }

        int source = VectorValue(elements, out bool owned), order = TakeVector();
        EmitConstant(order, BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
        code.Avx(2, 1, 0x00, to, source, order);
        ReleaseVector(order, true);
        ReleaseVector(source, owned);
    }

    private void EmitConstant(int to, ulong low, ulong high)
    {
        Register register = Take();
        code.Move(register, (long)low);
        code.Avx(1, 1, 0x6E, to, 0, (int)register, wide: true);
        if (low == high)
        {
            // vpunpcklqdq
            code.Avx(1, 1, 0x6C, to, to, to);
        }
        else
        {
            code.Move(register, (long)high);
            code.Avx(3, 1, 0x22, to, to, (int)register, wide: true);
            code.Byte(1);
        }

        Release(register, true);
    }

    // Vector128.Create of numbers: one for all elements, or each.
    private static (ulong Low, ulong High) Bits(Invoke create)
    {
        Type element = create.Type.GetGenericArguments()[0];
        int size = Layout.SizeOf(element);
        if (element == typeof(float) || element == typeof(double))
            throw Unknown(create);
        Span<byte> bytes = stackalloc byte[16];
        for (int k = 0; k < 16 / size; k++)
        {
            if (create.Arguments.Length != 1 && create.Arguments.Length != 16 / size)
                throw Unknown(create);
            long value = ((Constant)create.Arguments[create.Arguments.Length == 1 ? 0 : k]).Value;
            for (int n = 0; n < size; n++)
                bytes[(k * size) + n] = (byte)(value >> (8 * n));
        }

        return (BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
    }

    private void EmitEqualVectors(Register to, Invoke invoke)
    {
        int left = VectorValue(invoke.Arguments[0], out bool ownedLeft), right = VectorValue(invoke.Arguments[1], out bool ownedRight), difference = TakeVector();
        code.Avx(1, 1, 0xEF, difference, left, right);
        // vptest
        code.Avx(2, 1, 0x17, difference, 0, difference);
        code.Direct(false, 0x0F90 + (int)HostCondition.Equal, 0, to, byteOperand: true);
        code.Direct(false, 0x0FB6, (int)to, to, byteOperand: true);
        ReleaseVector(difference, true);
        ReleaseVector(left, ownedLeft);
        ReleaseVector(right, ownedRight);
    }
}
