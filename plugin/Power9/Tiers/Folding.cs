using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Arithmetic of IL on known values.</summary>
internal static class Folding
{
    /// <summary>The result of a binary operation, as a tree if it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Binary(Operation op, Node left, Node right)
    {
        if (left is StateAddress address && right is Constant offset && (op == Operation.Add || op == Operation.Sub))
            return new StateAddress(address.Offset + (int)(op == Operation.Add ? offset.Value : -offset.Value));
        if (right is StateAddress && left is Constant && op == Operation.Add)
            return Binary(op, right, left);
        // The state first, then what depends on the slot, as one sum.
        if (op == Operation.Add && right is StateAddress && left.OfSlot && left.Kind == Kind.Long)
            return Binary(op, right, left);
        if (op == Operation.Add && StatePlaces.IsRegister(left) && right.OfSlot && right.Kind == Kind.Long && left is Binary { Left: StateAddress part, Right: var index })
            return right is Constant ? new Binary(op, Binary(op, part, right), index, Kind.Long) : new Binary(op, part, Binary(op, index, right), Kind.Long);
        bool shift = op == Operation.Shl || op == Operation.Shr || op == Operation.ShrUn;
        Kind kind = left.Kind;
        if (!shift && kind != right.Kind)
        {
            if (kind == Kind.Int && right.Kind == Kind.Long)
                (left, kind) = (Extend(left), Kind.Long);
            else if (kind == Kind.Long && right.Kind == Kind.Int)
                right = Extend(right);
            else
                throw new UntranslatableException($"{op} of {kind} and {right.Kind}");
        }

        bool compares = Operations.IsComparison(op);
        if (left is Constant a && right is Constant b && Known(op, a.Value, b.Value, kind) is { } value)
            return compares ? new Constant(value, Kind.Int) : Number(value, kind);
        if (right is Constant zero && zero.Value == 0 && (shift || op == Operation.Add || op == Operation.Sub || op == Operation.Or || op == Operation.Xor))
            return left;
        // mr
        if (op is Operation.And or Operation.Or && left is StateRead read && right is StateRead same && read.Offset == same.Offset && read.Access == same.Access)
            return left;
        if (left is Constant none && none.Value == 0 && (op == Operation.Add || op == Operation.Or || op == Operation.Xor))
            return right;
        if (left is StateAddress or VariableAddress || right is VariableAddress || (right is StateAddress && op != Operation.Add))
        {
            if (op != Operation.Add || left is VariableAddress || right is VariableAddress)
                throw new UntranslatableException($"{op} of an address");
        }

        return new Binary(op, left, right, compares ? Kind.Int : kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Unary(Operation op, Node value)
    {
        if (value is Constant constant)
        {
            if (op == Operation.Neg)
                return Number(-constant.Value, constant.Kind);
            if (op == Operation.Not)
                return Number(~constant.Value, constant.Kind);
        }

        return new Unary(op, value, value.Kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Convert(Operation op, Node value)
    {
        bool large = Operations.IsLarge(op);
        if (value is StateAddress or VariableAddress)
            return large ? value : throw new UntranslatableException($"{op} of an address");
        if (value.Kind is Kind.Struct or Kind.Address || op == Operation.None)
            throw new UntranslatableException($"{op} of {value.Kind}");
        if (value is Constant constant)
        {
            long n = constant.Value;
            bool wide = constant.Kind == Kind.Long;
            switch (op)
            {
                case Operation.ConvI1: return Number((sbyte)n, Kind.Int);
                case Operation.ConvU1: return Number((byte)n, Kind.Int);
                case Operation.ConvI2: return Number((short)n, Kind.Int);
                case Operation.ConvU2: return Number((ushort)n, Kind.Int);
                case Operation.ConvI4 or Operation.ConvU4: return Number((int)n, Kind.Int);
                case Operation.ConvI8 or Operation.ConvI: return Number(n, Kind.Long);
                case Operation.ConvU8 or Operation.ConvU: return Number(wide ? n : (uint)n, Kind.Long);
            }
        }

        if (large && value.Kind == Kind.Long)
            return value;
        Kind kind = large ? Kind.Long : op switch
        {
            Operation.ConvR4 => Kind.Single,
            Operation.ConvR8 or Operation.ConvRUn => Kind.Double,
            _ => Kind.Int,
        };
        return new Unary(op, value, kind);
    }

    /// <summary>What a branch does, if its operands are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool? Branches(Operation op, Node left, Node? right)
    {
        if (left is StateAddress or VariableAddress && right is null)
            return op == Operation.BrTrue;
        if (left is not Constant a || (right is not null && right is not Constant))
            return null;
        if (right is null)
            return op == Operation.BrTrue ? a.Value != 0 : a.Value == 0;
        long b = ((Constant)right).Value;
        ulong ua = (ulong)a.Value, ub = (ulong)b;
        if (a.Kind == Kind.Int && right.Kind == Kind.Int)
            (ua, ub) = ((uint)a.Value, (uint)b);
        return op switch
        {
            Operation.Beq => a.Value == b,
            Operation.BneUn => a.Value != b,
            Operation.Blt => a.Value < b,
            Operation.Ble => a.Value <= b,
            Operation.Bgt => a.Value > b,
            Operation.Bge => a.Value >= b,
            Operation.BltUn => ua < ub,
            Operation.BleUn => ua <= ub,
            Operation.BgtUn => ua > ub,
            Operation.BgeUn => ua >= ub,
            _ => null,
        };
    }

    public static Constant Number(long value, Kind kind) => new(kind == Kind.Int ? (int)value : value, kind);

    // IL sign-extends an int that meets a native integer.
    private static Node Extend(Node value) => Convert(Operation.ConvI8, value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long? Known(Operation op, long a, long b, Kind kind)
    {
        bool wide = kind == Kind.Long;
        ulong ua = wide ? (ulong)a : (uint)a, ub = wide ? (ulong)b : (uint)b;
        int count = (int)b & (wide ? 63 : 31);
        return op switch
        {
            Operation.Add => a + b,
            Operation.Sub => a - b,
            Operation.Mul => a * b,
            Operation.And => a & b,
            Operation.Or => a | b,
            Operation.Xor => a ^ b,
            Operation.Shl => a << count,
            Operation.Shr => a >> count,
            Operation.ShrUn => (long)(ua >> count),
            Operation.Div when b is not (0 or -1) => a / b,
            Operation.Rem when b is not (0 or -1) => a % b,
            Operation.DivUn when b != 0 => (long)(ua / ub),
            Operation.RemUn when b != 0 => (long)(ua % ub),
            Operation.Ceq => a == b ? 1 : 0,
            Operation.Cgt => a > b ? 1 : 0,
            Operation.Clt => a < b ? 1 : 0,
            Operation.CgtUn => ua > ub ? 1 : 0,
            Operation.CltUn => ua < ub ? 1 : 0,
            _ => null,
        };
    }
}
