using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Arithmetic of IL on known values.</summary>
internal static class Folding
{
    /// <summary>The result of a binary operation, as a tree if it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Binary(OpCode op, Node left, Node right)
    {
        if (left is StateAddress address && right is Constant offset && (op == OpCodes.Add || op == OpCodes.Sub))
            return new StateAddress(address.Offset + (int)(op == OpCodes.Add ? offset.Value : -offset.Value));
        if (right is StateAddress && left is Constant && op == OpCodes.Add)
            return Binary(op, right, left);
        // The state first, then what depends on the slot, as one sum.
        if (op == OpCodes.Add && right is StateAddress && left.OfSlot && left.Kind == Kind.Long)
            return Binary(op, right, left);
        if (op == OpCodes.Add && StatePlaces.IsRegister(left) && right.OfSlot && right.Kind == Kind.Long && left is Binary { Left: StateAddress part, Right: var index })
            return right is Constant ? new Binary(op, Binary(op, part, right), index, Kind.Long) : new Binary(op, part, Binary(op, index, right), Kind.Long);
        bool shift = op == OpCodes.Shl || op == OpCodes.Shr || op == OpCodes.Shr_Un;
        Kind kind = left.Kind;
        if (!shift && kind != right.Kind)
        {
            if (kind == Kind.Int && right.Kind == Kind.Long)
                (left, kind) = (Extend(left), Kind.Long);
            else if (kind == Kind.Long && right.Kind == Kind.Int)
                right = Extend(right);
            else
                throw new UntranslatableException($"{op.Name} of {kind} and {right.Kind}");
        }

        bool compares = IsComparison(op);
        if (left is Constant a && right is Constant b && Known(op, a.Value, b.Value, kind) is { } value)
            return compares ? new Constant(value, Kind.Int) : Number(value, kind);
        if (right is Constant zero && zero.Value == 0 && (shift || op == OpCodes.Add || op == OpCodes.Sub || op == OpCodes.Or || op == OpCodes.Xor))
            return left;
        if (left is Constant none && none.Value == 0 && (op == OpCodes.Add || op == OpCodes.Or || op == OpCodes.Xor))
            return right;
        if (left is StateAddress or VariableAddress || right is VariableAddress || (right is StateAddress && op != OpCodes.Add))
        {
            if (op != OpCodes.Add || left is VariableAddress || right is VariableAddress)
                throw new UntranslatableException($"{op.Name} of an address");
        }

        return new Binary(op, left, right, compares ? Kind.Int : kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Unary(OpCode op, Node value)
    {
        if (value is Constant constant)
        {
            if (op == OpCodes.Neg)
                return Number(-constant.Value, constant.Kind);
            if (op == OpCodes.Not)
                return Number(~constant.Value, constant.Kind);
        }

        return new Unary(op, value, value.Kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Convert(OpCode op, Node value)
    {
        string name = op.Name!;
        bool large = name is "conv.i8" or "conv.u8" or "conv.i" or "conv.u";
        if (value is StateAddress or VariableAddress)
            return large ? value : throw new UntranslatableException($"{name} of an address");
        if (value.Kind is Kind.Struct or Kind.Address || name.Contains("ovf", StringComparison.Ordinal))
            throw new UntranslatableException($"{name} of {value.Kind}");
        if (value is Constant constant)
        {
            long n = constant.Value;
            bool wide = constant.Kind == Kind.Long;
            switch (name)
            {
                case "conv.i1": return Number((sbyte)n, Kind.Int);
                case "conv.u1": return Number((byte)n, Kind.Int);
                case "conv.i2": return Number((short)n, Kind.Int);
                case "conv.u2": return Number((ushort)n, Kind.Int);
                case "conv.i4" or "conv.u4": return Number((int)n, Kind.Int);
                case "conv.i8" or "conv.i": return Number(n, Kind.Long);
                case "conv.u8" or "conv.u": return Number(wide ? n : (uint)n, Kind.Long);
            }
        }

        if (large && value.Kind == Kind.Long)
            return value;
        Kind kind = large ? Kind.Long : name switch
        {
            "conv.r4" => Kind.Single,
            "conv.r8" or "conv.r.un" => Kind.Double,
            _ => Kind.Int,
        };
        return new Unary(op, value, kind);
    }

    /// <summary>What a branch does, if its operands are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool? Branches(OpCode op, Node left, Node? right)
    {
        string name = op.Name!.Replace(".s", "", StringComparison.Ordinal);
        if (left is StateAddress or VariableAddress && right is null)
            return name == "brtrue";
        if (left is not Constant a || (right is not null && right is not Constant))
            return null;
        if (right is null)
            return name == "brtrue" ? a.Value != 0 : a.Value == 0;
        long b = ((Constant)right).Value;
        ulong ua = (ulong)a.Value, ub = (ulong)b;
        if (a.Kind == Kind.Int && right.Kind == Kind.Int)
            (ua, ub) = ((uint)a.Value, (uint)b);
        return name switch
        {
            "beq" => a.Value == b,
            "bne.un" => a.Value != b,
            "blt" => a.Value < b,
            "ble" => a.Value <= b,
            "bgt" => a.Value > b,
            "bge" => a.Value >= b,
            "blt.un" => ua < ub,
            "ble.un" => ua <= ub,
            "bgt.un" => ua > ub,
            "bge.un" => ua >= ub,
            _ => null,
        };
    }

    public static Constant Number(long value, Kind kind) => new(kind == Kind.Int ? (int)value : value, kind);

    private static bool IsComparison(OpCode op) => op == OpCodes.Ceq || op == OpCodes.Cgt || op == OpCodes.Cgt_Un || op == OpCodes.Clt || op == OpCodes.Clt_Un;

    // IL sign-extends an int that meets a native integer.
    private static Node Extend(Node value) => Convert(OpCodes.Conv_I8, value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long? Known(OpCode op, long a, long b, Kind kind)
    {
        bool wide = kind == Kind.Long;
        ulong ua = wide ? (ulong)a : (uint)a, ub = wide ? (ulong)b : (uint)b;
        int count = (int)b & (wide ? 63 : 31);
        return op.Name switch
        {
            "add" => a + b,
            "sub" => a - b,
            "mul" => a * b,
            "and" => a & b,
            "or" => a | b,
            "xor" => a ^ b,
            "shl" => a << count,
            "shr" => a >> count,
            "shr.un" => (long)(ua >> count),
            "div" when b is not (0 or -1) => a / b,
            "rem" when b is not (0 or -1) => a % b,
            "div.un" when b != 0 => (long)(ua / ub),
            "rem.un" when b != 0 => (long)(ua % ub),
            "ceq" => a == b ? 1 : 0,
            "cgt" => a > b ? 1 : 0,
            "clt" => a < b ? 1 : 0,
            "cgt.un" => ua > ub ? 1 : 0,
            "clt.un" => ua < ub ? 1 : 0,
            _ => null,
        };
    }
}
