using RenodeUvmem.Power9.Interpreter;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Methods that are instructions of the host.</summary>
internal sealed partial class NativeCompiler
{
    private void EmitIntrinsic(Register to, Invoke invoke)
    {
        Intrinsic intrinsic = invoke.Callee.Intrinsic;
        Node first = invoke.Arguments.Length > 0 ? invoke.Arguments[0] : throw Unknown(invoke);
        bool wide = first.Kind == Kind.Long;
        switch (intrinsic)
        {
            case Intrinsic.CompareSigned or Intrinsic.CompareUnsigned:
                EmitOrder(to, invoke, intrinsic == Intrinsic.CompareSigned);
                break;
            case Intrinsic.RotateLeft:
                EmitRotate(to, invoke, wide);
                break;
            case Intrinsic.LeadingZeros:
                EmitCount(to, first, wide, 0x0FBD);
                break;
            case Intrinsic.TrailingZeros:
                EmitCount(to, first, wide, 0x0FBC);
                break;
            case Intrinsic.PopCount:
                EmitCount(to, first, wide, 0x0FB8);
                break;
            case Intrinsic.ReverseBytes:
                EmitReverse(to, first, wide, invoke.Type == typeof(ushort) || invoke.Method.GetParameters()[0].ParameterType == typeof(ushort));
                break;
            case Intrinsic.Exchange:
                EmitExchange(to, invoke);
                break;
            case Intrinsic.MultiplyHigh:
                EmitMultiplyHigh(to, invoke);
                break;
            case Intrinsic.EqualVectors:
                EmitEqualVectors(to, invoke);
                break;
            case Intrinsic.SignBits:
                int bytes = VectorValue(first, out bool ownedBytes);
                code.Avx(1, 1, 0xD7, (int)to, 0, bytes);
                ReleaseVector(bytes, ownedBytes);
                break;
            case Intrinsic.Element when invoke.Arguments is [var vector, Constant { Value: 0 or 1 } element]:
                int from = VectorValue(vector, out bool ownedFrom);
                code.Avx(3, 1, 0x16, from, 0, (int)to, wide: true);
                code.Byte((int)element.Value);
                ReleaseVector(from, ownedFrom);
                break;
            default:
                throw Unknown(invoke);
        }
    }

    private void EmitEffect(Invoke invoke)
    {
        switch (invoke.Callee.Intrinsic)
        {
            case Intrinsic.Fence:
                // lock or dword [rsp], 0
                foreach (int part in (int[])[0xF0, 0x83, 0x0C, 0x24, 0x00])
                    code.Byte(part);
                break;
            case Intrinsic.Fill when invoke.Arguments is [var place, Constant { Value: 0 }, Constant { Value: > 0 and <= 256 } length] && length.Value % 16 == 0:
                Register at = Value(place, out bool owned);
                // pxor xmm0, xmm0
                code.Prefix(0x66);
                code.Direct(false, 0x0FEF, 0, Register.Rax);
                for (int offset = 0; offset < length.Value; offset += 16)
                    code.Memory(false, 0x0F11, 0, Operand.At(at, offset));
                Release(at, owned);
                break;
            default:
                throw Unknown(invoke);
        }
    }

    private static UntranslatableException Unknown(Invoke invoke) => new($"{invoke.Method.DeclaringType?.Name}.{invoke.Method.Name}");

    // LT, GT or EQ without a branch.
    private void EmitOrder(Register to, Invoke invoke, bool signed)
    {
        HostCondition less = EmitCompare(signed ? HostCondition.Less : HostCondition.Below, invoke.Arguments[0], invoke.Arguments[1]);
        HostCondition greater = less switch
        {
            HostCondition.Less => HostCondition.Greater,
            HostCondition.Greater => HostCondition.Less,
            HostCondition.Below => HostCondition.Above,
            _ => HostCondition.Below,
        };
        Register other = Take();
        code.Move(to, Condition.EQ);
        code.Move(other, Condition.LT);
        code.Direct(false, 0x0F40 + (int)less, (int)to, other);
        code.Move(other, Condition.GT);
        code.Direct(false, 0x0F40 + (int)greater, (int)to, other);
        Release(other, true);
    }

    private void EmitRotate(Register to, Invoke invoke, bool wide)
    {
        Register value = Value(invoke.Arguments[0], out bool owned);
        if (invoke.Arguments[1] is Constant count)
        {
            code.RotateRight(wide, to, value, (int)-count.Value & (wide ? 63 : 31));
            Release(value, owned);
            return;
        }

        Register counts = Value(invoke.Arguments[1], out bool ownedCounts);
        Register left = Take(), negated = Take();
        code.Vex38(wide, 1, 0xF7, left, counts, value);
        code.Move(negated, counts);
        code.Direct(false, 0xF7, 3, negated);
        code.Vex38(wide, 3, 0xF7, negated, negated, value);
        code.Direct(wide, 0x0B, (int)left, negated);
        code.Move(to, left);
        Release(negated, true);
        Release(left, true);
        Release(counts, ownedCounts);
        Release(value, owned);
    }

    private void EmitCount(Register to, Node value, bool wide, int opcode)
    {
        Register from = Value(value, out bool owned);
        code.Prefix(0xF3);
        code.Direct(wide, opcode, (int)to, from);
        Release(from, owned);
    }

    // mulx; for signed factors imul of RAX. The lower half must not be wanted.
    private void EmitMultiplyHigh(Register to, Invoke invoke)
    {
        const int Both = (1 << (int)Register.Rax) | (1 << (int)Register.Rdx);
        if ((free & Both) != Both || invoke.Arguments[2] is not VariableAddress low || template.Of(low.Variable).Reads != 0)
            throw new UntranslatableException("a double product");
        free &= ~Both;
        bool signed = invoke.Method.GetParameters()[0].ParameterType == typeof(long);
        Register factor = Value(invoke.Arguments[1], out bool owned);
        Into(Register.Rax, invoke.Arguments[0]);
        code.Direct(true, 0xF7, signed ? 5 : 4, factor);
        code.Move(to, Register.Rdx);
        Release(factor, owned);
        free |= Both;
    }

    private void EmitReverse(Register to, Node value, bool wide, bool half)
    {
        Into(to, value);
        if (half)
        {
            // rol to, 8 in 16 bits
            code.Prefix(0x66);
            code.Shift(false, 0, to, 8);
            code.Direct(false, 0x0FB7, (int)to, to);
            return;
        }

        code.ReverseBytes(wide, to);
    }

    private void EmitExchange(Register to, Invoke invoke)
    {
        const int Rax = 1 << (int)Register.Rax;
        if ((free & Rax) == 0)
            throw new UntranslatableException("an exchange within a term");
        free &= ~Rax;
        bool wide = invoke.Arguments[1].Kind == Kind.Long;
        int held = 0;
        Operand place = Address(invoke.Arguments[0], ref held);
        Register with = Value(invoke.Arguments[2], out bool owned);
        Into(Register.Rax, invoke.Arguments[1]);
        code.Byte(0xF0);
        code.Memory(wide, 0x0FB1, (int)with, place);
        code.Direct(false, 0x0F90 + (int)HostCondition.Equal, 0, to, byteOperand: true);
        code.Direct(false, 0x0FB6, (int)to, to, byteOperand: true);
        Release(with, owned);
        ReleaseAll(held);
        free |= Rax;
    }
}
