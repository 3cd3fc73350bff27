using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Trees. An Int in a register has zeros above its 32 bits.</summary>
internal sealed partial class NativeCompiler
{
    // Registers that are free within the statement, as a mask.
    private int free;

    private void Begin(int position)
    {
        free = (1 << (int)Register.Rax) | (1 << (int)Register.Rdx);
        freeVectors = (1 << Template.FirstVector) - 1;
        int occupied = template.Occupied[position];
        for (int k = 0; k < Template.Pool.Length; k++)
        {
            if ((occupied & (1 << k)) == 0)
                free |= 1 << (int)Template.Pool[k];
        }
    }

    private Register Take()
    {
        if (free == 0)
            throw new UntranslatableException("too few registers");
        // RAX and RDX last: division wants them.
        int candidates = (free & ~0b101) != 0 ? free & ~0b101 : free;
        int number = System.Numerics.BitOperations.TrailingZeroCount(candidates);
        free &= ~(1 << number);
        return (Register)number;
    }

    private void Release(Register register, bool owned)
    {
        if (owned)
            free |= 1 << (int)register;
    }

    private void ReleaseAll(int held) => free |= held;

    /// <summary>A register that has the value. One that is not owned must not be changed.</summary>
    private Register Value(Node node, out bool owned)
    {
        owned = false;
        if (RegisterOf(node) is { } at)
            return at;
        owned = true;
        Register register = Take();
        Into(register, node);
        return register;
    }

    // The register of a variable or place.
    private Register? RegisterOf(Node node)
    {
        switch (node)
        {
            case Read read when template.Of(read.Variable).Register is var register && register != Register.None:
                return register;
            case StateRead read when StatePlaces.IsKept(read.Offset, read.Access) && places[read.Offset].Register is var register && register != Register.None:
                return register;
            case Unary { Op: Operation.ConvU8 or Operation.ConvU, Value.Kind: Kind.Int } unary:
                return RegisterOf(unary.Value);
            default:
                return null;
        }
    }

    private bool Mentions(Node node, Register register) => RegisterOf(node) == register || node switch
    {
        Load load => Mentions(load.Address, register),
        Unary unary => Mentions(unary.Value, register),
        Binary binary => Mentions(binary.Left, register) || Mentions(binary.Right, register),
        Invoke invoke => Mentions(invoke.Arguments, register),
        _ => false,
    };

    private bool Mentions(Node[] nodes, Register register)
    {
        foreach (Node node in nodes)
        {
            if (Mentions(node, register))
                return true;
        }

        return false;
    }

    private void Into(Register to, Node node)
    {
        switch (node)
        {
            case Constant { Value: 0 }:
                code.Direct(false, 0x33, (int)to, to);
                break;
            case Constant { Kind: Kind.Int } constant:
                code.Move(to, (uint)constant.Value);
                break;
            case Constant constant:
                code.Move(to, constant.Value);
                break;
            case StateAddress address:
                code.Memory(true, 0x8D, (int)to, Operand.At(Register.Rdi, address.Offset));
                break;
            case Read or StateRead when RegisterOf(node) is { } from:
                code.Move(to, from);
                break;
            case Read read when node.Kind is Kind.Int or Kind.Long:
                code.Memory(true, 0x8B, (int)to, Operand.At(Register.Rsp, template.Of(read.Variable).Spill));
                break;
            case StateRead read:
                EmitLoad(to, Operand.At(Register.Rdi, read.Offset), read.Access);
                break;
            case Load load:
                int held = 0;
                Operand place = Address(load.Address, ref held);
                EmitLoad(to, place, load.Access);
                ReleaseAll(held);
                break;
            case Unary unary:
                EmitUnary(to, unary);
                break;
            case Binary binary:
                EmitBinary(to, binary);
                break;
            case Invoke invoke:
                EmitIntrinsic(to, invoke);
                break;
            default:
                throw new UntranslatableException(node.GetType().Name);
        }
    }

    private void EmitLoad(Register to, Operand place, MemoryType access)
    {
        switch (Type.GetTypeCode(access.Type))
        {
            case TypeCode.Byte:
                code.Memory(false, 0x0FB6, (int)to, place);
                break;
            case TypeCode.SByte:
                code.Memory(false, 0x0FBE, (int)to, place);
                break;
            case TypeCode.UInt16:
                code.Memory(false, 0x0FB7, (int)to, place);
                break;
            case TypeCode.Int16:
                code.Memory(false, 0x0FBF, (int)to, place);
                break;
            case TypeCode.Int32 or TypeCode.UInt32:
                code.Memory(false, 0x8B, (int)to, place);
                break;
            case TypeCode.Int64:
                code.Memory(true, 0x8B, (int)to, place);
                break;
            default:
                throw new UntranslatableException($"reads {access.Type.Name}");
        }
    }

    private void EmitStore(Operand place, Register from, int size)
    {
        if (size == 2)
            code.Prefix(0x66);
        code.Memory(size == 8, size == 1 ? 0x88 : 0x89, (int)from, place, byteOperand: size == 1);
    }

    private void EmitUnary(Register to, Unary unary)
    {
        Operation op = unary.Op;
        Node value = unary.Value;
        if (value.Kind is not (Kind.Int or Kind.Long))
            throw new UntranslatableException($"{op} of {value.Kind}");
        switch (op)
        {
            case Operation.Neg or Operation.Not:
                Into(to, value);
                code.Direct(value.Kind == Kind.Long, 0xF7, op == Operation.Neg ? 3 : 2, to);
                break;
            case Operation.ConvU1 when IsByte(value):
            case Operation.ConvU8 or Operation.ConvU:
            case Operation.ConvI4 or Operation.ConvU4 when value.Kind == Kind.Int:
                Into(to, value);
                break;
            case Operation.ConvI8 or Operation.ConvI:
                Convert(to, value, wide: true, 0x63);
                break;
            case Operation.ConvI4 or Operation.ConvU4:
                Convert(to, value, wide: false, 0x8B);
                break;
            case Operation.ConvU1:
                Convert(to, value, wide: false, 0x0FB6);
                break;
            case Operation.ConvI1:
                Convert(to, value, wide: false, 0x0FBE);
                break;
            case Operation.ConvU2:
                Convert(to, value, wide: false, 0x0FB7);
                break;
            case Operation.ConvI2:
                Convert(to, value, wide: false, 0x0FBF);
                break;
            default:
                throw new UntranslatableException(op.ToString());
        }
    }

    private void Convert(Register to, Node value, bool wide, int opcode)
    {
        if (wide && value.Kind == Kind.Long)
        {
            Into(to, value);
            return;
        }

        Register from = to;
        if (RegisterOf(value) is { } at)
            from = at;
        else
            Into(to, value);
        code.Direct(wide, opcode, (int)to, from, byteOperand: opcode is 0x0FB6 or 0x0FBE);
    }

    // Whether it is known to be below 256.
    private static bool IsByte(Node node) => node switch
    {
        Constant constant => constant.Value is >= 0 and < 256,
        StateRead read => read.Access.Type == typeof(byte),
        Load load => load.Access.Type == typeof(byte),
        Unary unary => unary.Op == Operation.ConvU1 || (unary.Op is Operation.ConvI4 or Operation.ConvU4 or Operation.ConvU8 && IsByte(unary.Value)),
        Binary binary => binary.Op switch
        {
            >= Operation.Ceq and <= Operation.CgtUn => true,
            Operation.And => IsByte(binary.Left) || IsByte(binary.Right),
            Operation.Or or Operation.Xor => IsByte(binary.Left) && IsByte(binary.Right),
            Operation.ShrUn => IsByte(binary.Left),
            _ => false,
        },
        Invoke invoke => invoke.Callee.Intrinsic is Intrinsic.CompareSigned or Intrinsic.CompareUnsigned,
        _ => false,
    };

    // Registers that it takes are added to a mask.
    private Operand Address(Node node, ref int held)
    {
        int taken = 0;
        int displacement = 0;
        bool state = false;
        var terms = new List<Node>();
        Flatten(node);
        int index = terms.FindIndex(term => ScaleOf(term) > 0);
        Register? indexRegister = null;
        int scale = 0;
        if (index >= 0)
        {
            var scaled = (Binary)terms[index];
            scale = ScaleOf(scaled);
            indexRegister = Hold(scaled.Left);
            terms.RemoveAt(index);
        }

        Register? baseRegister = state ? Register.Rdi : null;
        foreach (Node term in terms)
        {
            if (baseRegister is null)
                baseRegister = Hold(term);
            else if (indexRegister is null)
                indexRegister = Hold(term);
            else
                throw new UntranslatableException("a long sum as an address");
        }

        held |= taken;
        return new Operand(baseRegister ?? throw new UntranslatableException("an address without a base"), indexRegister ?? Register.None, scale, displacement);

        Register Hold(Node term)
        {
            Register register = Value(term, out bool owned);
            if (owned)
                taken |= 1 << (int)register;
            return register;
        }

        void Flatten(Node part)
        {
            switch (part)
            {
                case Binary { Op: Operation.Add, Kind: Kind.Long } sum:
                    Flatten(sum.Left);
                    Flatten(sum.Right);
                    break;
                case Constant constant when constant.Value + displacement is >= int.MinValue / 2 and <= int.MaxValue / 2:
                    displacement += (int)constant.Value;
                    break;
                case StateAddress address when !state:
                    state = true;
                    displacement += address.Offset;
                    break;
                default:
                    terms.Add(part);
                    break;
            }
        }
    }

    private static int ScaleOf(Node node) => node switch
    {
        Binary { Op: Operation.Mul, Kind: Kind.Long, Right: Constant { Value: 2 or 4 or 8 } factor } => System.Numerics.BitOperations.TrailingZeroCount(factor.Value),
        Binary { Op: Operation.Shl, Kind: Kind.Long, Right: Constant { Value: 1 or 2 or 3 } count } => (int)count.Value,
        _ => 0,
    };
}
