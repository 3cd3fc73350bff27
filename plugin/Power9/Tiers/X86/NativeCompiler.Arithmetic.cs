using System.Numerics;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Operations with two operands, comparisons and conditions.</summary>
internal sealed partial class NativeCompiler
{
    private void EmitBinary(Register to, Binary binary)
    {
        Operation op = binary.Op;
        bool wide = binary.Left.Kind == Kind.Long;
        if (binary.Left.Kind is not (Kind.Int or Kind.Long) || binary.Right.Kind is not (Kind.Int or Kind.Long))
            throw new UntranslatableException($"{op} of {binary.Left.Kind}");
        switch (op)
        {
            case Operation.Add or Operation.Sub or Operation.And or Operation.Or or Operation.Xor:
                EmitSimple(to, binary, op, wide);
                break;
            case Operation.Mul:
                EmitMultiply(to, binary, wide);
                break;
            case Operation.Shl or Operation.Shr or Operation.ShrUn:
                EmitShift(to, binary, op, wide);
                break;
            case >= Operation.Ceq and <= Operation.CgtUn:
                HostCondition condition = EmitCompare(ConditionOf(op), binary.Left, binary.Right);
                Register flag = to;
                code.Direct(false, 0x0F90 + (int)condition, 0, flag, byteOperand: true);
                code.Direct(false, 0x0FB6, (int)to, flag, byteOperand: true);
                break;
            case Operation.Div or Operation.DivUn or Operation.Rem or Operation.RemUn:
                EmitDivide(to, binary, op, wide);
                break;
            default:
                throw new UntranslatableException(op.ToString());
        }
    }

    private void EmitSimple(Register to, Binary binary, Operation op, bool wide)
    {
        (Node left, Node right) = (binary.Left, binary.Right);
        if (op != Operation.Sub && RegisterOf(left) is null && RegisterOf(right) is not null && right is not Constant)
            (left, right) = (right, left);
        if (op == Operation.Add && wide && left is not Constant && RegisterOf(left) is { } first && first != to)
        {
            if (right is Constant { Value: >= int.MinValue and <= int.MaxValue } offset)
            {
                code.Memory(true, 0x8D, (int)to, Operand.At(first, (int)offset.Value));
                return;
            }

            if (RegisterOf(right) is { } second)
            {
                code.Memory(true, 0x8D, (int)to, new Operand(first, second, 0, 0));
                return;
            }
        }

        if (op == Operation.And && wide && right is Constant { Value: uint.MaxValue })
        {
            Register low = RegisterOf(left) ?? to;
            if (low == to && RegisterOf(left) is null)
                Into(to, left);
            code.Move(to, low, wide: false);
            return;
        }

        if (Mentions(right, to))
        {
            if (op != Operation.Sub && !Mentions(left, to))
            {
                (left, right) = (right, left);
            }
            else if (RegisterOf(left) != to)
            {
                Register other = Take();
                Into(other, left);
                EmitOperation(op, other, right, wide);
                code.Move(to, other);
                Release(other, true);
                return;
            }
        }

        // Both operands may want the register that the result goes to.
        if (Mentions(right, to) && RegisterOf(left) == to)
        {
            EmitOperation(op, to, right, wide);
            return;
        }

        Into(to, left);
        EmitOperation(op, to, right, wide);
    }

    private void EmitOperation(Operation op, Register to, Node right, bool wide)
    {
        int number = OperationNumber(op);
        if (right is Constant constant && constant.Value is >= int.MinValue and <= int.MaxValue)
        {
            code.Arithmetic(wide, number, to, (int)constant.Value);
            return;
        }

        int held = 0;
        if (InMemory(right, wide, ref held) is { } place)
        {
            code.Memory(wide, (number << 3) | 3, (int)to, place);
            ReleaseAll(held);
            return;
        }

        Register register = Value(right, out bool owned);
        code.Direct(wide, (number << 3) | 3, (int)to, register);
        Release(register, owned);
    }

    private static int OperationNumber(Operation op) => op switch { Operation.Add => 0, Operation.Or => 1, Operation.And => 4, Operation.Sub => 5, _ => 6 };

    // A value that lies in memory in the operation's width.
    private Operand? InMemory(Node node, bool wide, ref int held)
    {
        if (RegisterOf(node) is not null || node.Kind != (wide ? Kind.Long : Kind.Int))
            return null;
        return node switch
        {
            StateRead read when read.Access.Size == (wide ? 8 : 4) => Operand.At(Register.Rdi, read.Offset),
            Load load when load.Access.Size == (wide ? 8 : 4) => Address(load.Address, ref held),
            Read read => Operand.At(Register.Rsp, template.Of(read.Variable).Spill),
            _ => null,
        };
    }

    private void EmitMultiply(Register to, Binary binary, bool wide)
    {
        (Node left, Node right) = binary.Left is Constant ? (binary.Right, binary.Left) : (binary.Left, binary.Right);
        if (right is Constant constant && BitOperations.IsPow2(constant.Value))
        {
            Into(to, left);
            code.Shift(wide, 4, to, BitOperations.TrailingZeroCount(constant.Value));
            return;
        }

        Register factor = Value(right, out bool owned);
        if (RegisterOf(left) is { } direct && factor == to)
        {
            code.Direct(wide, 0x0FAF, (int)to, direct);
        }
        else if (Mentions(right, to))
        {
            Register other = Take();
            Into(other, left);
            code.Direct(wide, 0x0FAF, (int)other, factor);
            code.Move(to, other);
            Release(other, true);
        }
        else
        {
            Into(to, left);
            code.Direct(wide, 0x0FAF, (int)to, factor);
        }

        Release(factor, owned);
    }

    private void EmitShift(Register to, Binary binary, Operation op, bool wide)
    {
        if (binary.Right is Constant count)
        {
            Into(to, binary.Left);
            code.Shift(wide, op == Operation.Shl ? 4 : op == Operation.Shr ? 7 : 5, to, (int)count.Value & (wide ? 63 : 31));
            return;
        }

        Register counts = Value(binary.Right, out bool owned);
        Register from = Value(binary.Left, out bool ownedFrom);
        code.Vex38(wide, op == Operation.Shl ? 1 : op == Operation.Shr ? 2 : 3, 0xF7, to, counts, from);
        Release(counts, owned);
        Release(from, ownedFrom);
    }

    private void EmitDivide(Register to, Binary binary, Operation op, bool wide)
    {
        const int Both = (1 << (int)Register.Rax) | (1 << (int)Register.Rdx);
        bool signed = op is Operation.Div or Operation.Rem;
        int before = free;
        free &= ~Both;
        Register divisor = Value(binary.Right, out bool owned);
        Register dividend = Value(binary.Left, out bool ownedDividend);
        if ((before & Both) != Both)
            throw new UntranslatableException("a division within a term");
        code.Move(Register.Rax, dividend);
        if (!signed)
        {
            code.Direct(false, 0x33, (int)Register.Rdx, Register.Rdx);
        }
        else
        {
            // cqo, cdq
            if (wide)
                code.Byte(0x48);
            code.Byte(0x99);
        }

        code.Direct(wide, 0xF7, signed ? 7 : 6, divisor);
        code.Move(to, op is Operation.Div or Operation.DivUn ? Register.Rax : Register.Rdx, wide);
        Release(divisor, owned);
        Release(dividend, ownedDividend);
        free = before;
    }

    /// <summary>Sets the flags, and says which condition they have to meet.</summary>
    private HostCondition EmitCondition(Branch branch)
    {
        Operation op = branch.Op;
        if (branch.Right is not null)
            return EmitCompare(ConditionOf(op), branch.Left, branch.Right);
        bool wanted = op == Operation.BrTrue;
        HostCondition condition = EmitTruth(branch.Left);
        return wanted ? condition : (HostCondition)((int)condition ^ 1);
    }

    // Flags for "not zero".
    private HostCondition EmitTruth(Node node)
    {
        while (node is Unary { Op: Operation.ConvU1 or Operation.ConvI4 or Operation.ConvU4 or Operation.ConvU8 or Operation.ConvI8 } conversion
            && (conversion.Op is Operation.ConvU8 or Operation.ConvI8 || conversion.Value.Kind == Kind.Int) && (conversion.Op != Operation.ConvU1 || IsByte(conversion.Value)))
        {
            node = conversion.Value;
        }

        switch (node)
        {
            case Binary { Op: >= Operation.Ceq and <= Operation.CgtUn } comparison:
                if (comparison is { Op: Operation.Ceq, Right: Constant { Value: 0 } })
                    return (HostCondition)((int)EmitTruth(comparison.Left) ^ 1);
                if (comparison is { Op: Operation.CgtUn, Right: Constant { Value: 0 } })
                    return EmitTruth(comparison.Left);
                return EmitCompare(ConditionOf(comparison.Op), comparison.Left, comparison.Right);
            case Binary { Op: Operation.And, Left: StateRead asked, Right: Constant bit } when pending is { } compare && asked.Offset == compare.Write.Offset && compare.ConditionOf(bit.Value) is { } condition:
                return EmitCompare(condition, compare.Compare.Arguments[0], compare.Compare.Arguments[1]);
            case Binary { Op: Operation.And, Right: Constant { Value: >= 0 and <= int.MaxValue } mask } masked:
                if (masked.Left is StateRead { Access.Size: 1 } field && RegisterOf(field) is null)
                {
                    code.Memory(false, 0xF6, 0, Operand.At(Register.Rdi, field.Offset));
                    code.Byte((int)mask.Value);
                    return HostCondition.NotEqual;
                }

                Register register = Value(masked.Left, out bool owned);
                code.Direct(false, 0xF7, 0, register);
                code.Int32((int)mask.Value);
                Release(register, owned);
                return HostCondition.NotEqual;
            case StateRead { Access.Size: 1 } flag when RegisterOf(flag) is null:
                code.Memory(false, 0x80, 7, Operand.At(Register.Rdi, flag.Offset));
                code.Byte(0);
                return HostCondition.NotEqual;
            default:
                Register value = Value(node, out bool ownedValue);
                code.Direct(node.Kind == Kind.Long, 0x85, (int)value, value);
                Release(value, ownedValue);
                return HostCondition.NotEqual;
        }
    }

    private HostCondition EmitCompare(HostCondition condition, Node left, Node right)
    {
        bool wide = left.Kind == Kind.Long;
        if (left.Kind is not (Kind.Int or Kind.Long) || left.Kind != right.Kind)
            throw new UntranslatableException($"comparison of {left.Kind} and {right.Kind}");
        if (left is Constant && right is not Constant)
            (left, right, condition) = (right, left, Mirror(condition));
        int held = 0;
        if (right is Constant constant && constant.Value is >= int.MinValue and <= int.MaxValue)
        {
            if (InMemory(left, wide, ref held) is { } inMemory)
            {
                code.Arithmetic(wide, 7, inMemory, (int)constant.Value);
                ReleaseAll(held);
                return condition;
            }

            Register tested = Value(left, out bool ownedTested);
            if (constant.Value == 0)
                code.Direct(wide, 0x85, (int)tested, tested);
            else
                code.Arithmetic(wide, 7, tested, (int)constant.Value);
            Release(tested, ownedTested);
            return condition;
        }

        if (InMemory(left, wide, ref held) is { } place)
        {
            Register second = Value(right, out bool ownedSecond);
            code.Memory(wide, 0x39, (int)second, place);
            Release(second, ownedSecond);
            ReleaseAll(held);
            return condition;
        }

        Register first = Value(left, out bool ownedFirst);
        if (InMemory(right, wide, ref held) is { } other)
        {
            code.Memory(wide, 0x3B, (int)first, other);
        }
        else
        {
            Register compared = Value(right, out bool ownedCompared);
            code.Direct(wide, 0x3B, (int)first, compared);
            Release(compared, ownedCompared);
        }

        ReleaseAll(held);
        Release(first, ownedFirst);
        return condition;
    }

    private static HostCondition ConditionOf(Operation op) => op switch
    {
        Operation.Ceq or Operation.Beq => HostCondition.Equal,
        Operation.BneUn => HostCondition.NotEqual,
        Operation.Clt or Operation.Blt => HostCondition.Less,
        Operation.Cgt or Operation.Bgt => HostCondition.Greater,
        Operation.Ble => HostCondition.LessOrEqual,
        Operation.Bge => HostCondition.GreaterOrEqual,
        Operation.CltUn or Operation.BltUn => HostCondition.Below,
        Operation.CgtUn or Operation.BgtUn => HostCondition.Above,
        Operation.BleUn => HostCondition.BelowOrEqual,
        Operation.BgeUn => HostCondition.AboveOrEqual,
        _ => throw new UntranslatableException(op.ToString()),
    };

    // The condition with its operands exchanged.
    private static HostCondition Mirror(HostCondition condition) => condition switch
    {
        HostCondition.Less => HostCondition.Greater,
        HostCondition.Greater => HostCondition.Less,
        HostCondition.LessOrEqual => HostCondition.GreaterOrEqual,
        HostCondition.GreaterOrEqual => HostCondition.LessOrEqual,
        HostCondition.Below => HostCondition.Above,
        HostCondition.Above => HostCondition.Below,
        HostCondition.BelowOrEqual => HostCondition.AboveOrEqual,
        HostCondition.AboveOrEqual => HostCondition.BelowOrEqual,
        _ => condition,
    };
}
