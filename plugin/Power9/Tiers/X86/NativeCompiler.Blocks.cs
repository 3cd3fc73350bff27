namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Blocks, statements, and how they end.</summary>
internal sealed partial class NativeCompiler
{
    private static readonly Register[] ArgumentRegisters = [Register.Rdi, Register.Rsi, Register.Rdx, Register.Rcx, Register.R8, Register.R9];

    private Template template = null!;
    private SlotValues slot;

    private void EmitInstruction(int k)
    {
        Template own = templates[k];
        Use(k);
        Prepare(k);
        long? expected = Expected(k);

        // What leaves the trace lies behind it.
        (List<Block> staying, List<Block> leaving) = own.Split(slot, expected);
        if (Waits(k, staying))
            return;
        foreach (Block block in staying)
            block.Begin = new CodeLabel();
        foreach (Block block in leaving)
            block.Begin = new CodeLabel();
        var after = new CodeLabel();
        if (staying.Count == 0)
        {
            EmitBlocks(k, leaving, null);
        }
        else
        {
            EmitBlocks(k, staying, after);

            // Two instructions of one template have the same blocks, and labels of their own.
            if (leaving.Count != 0)
                EmitLater(k, leaving);
        }

        code.Mark(after);
    }

    private void EmitLater(int k, List<Block> leaving)
    {
        later.Add((k, leaving, [.. leaving.Select(block => block.Begin!)], pending));
    }

    private readonly List<(int Index, List<Block> Blocks, CodeLabel[] Labels, PendingCompare? Pending)> later = [];

    private void EmitCold()
    {
        foreach ((int index, List<Block> blocks, CodeLabel[] own, PendingCompare? then) in later)
        {
            for (int k = 0; k < blocks.Count; k++)
                blocks[k].Begin = own[k];
            Use(index);
            pending = then;
            EmitBlocks(index, blocks, null);
        }

        later.Clear();
    }

    private void Use(int k)
    {
        template = templates[k];
        slot = SlotValues.Of(slots[k]);
    }

    private void EmitBlocks(int k, List<Block> blocks, CodeLabel? after)
    {
        for (int n = 0; n < blocks.Count; n++)
        {
            Block block = blocks[n];
            code.Mark(block.Begin!);
            int position = template.Starts[block];
            foreach (Statement statement in block.Statements)
            {
                Begin(position++);
                EmitStatement(slot.Resolve(statement));
            }

            Begin(position);
            exitFree = block.End is Leave ? free : AllFree;
            EmitEnd(k, slot.Resolve(block.End!), n + 1 < blocks.Count ? blocks[n + 1] : null, after);
        }
    }

    private void EmitEnd(int k, Terminator end, Block? following, CodeLabel? after)
    {
        switch (end)
        {
            case Jump jump:
                if (jump.Target != following)
                    code.Jump(jump.Target.Begin!);
                break;
            case Branch branch when Template.Known(branch, slot) is { } known:
                Block target = known ? branch.Taken : branch.Fall;
                if (target != following)
                    code.Jump(target.Begin!);
                break;
            case Branch branch:
                HostCondition condition = EmitCondition(branch);
                if (branch.Taken == following)
                {
                    code.Jump((HostCondition)((int)condition ^ 1), branch.Fall.Begin!);
                    break;
                }

                code.Jump(condition, branch.Taken.Begin!);
                if (branch.Fall != following)
                    code.Jump(branch.Fall.Begin!);
                break;
            case Finish { Next: Constant next } when after is not null && next.Value == Expected(k):
                if (following is not null)
                    code.Jump(after);
                break;
            case Finish { Next: Constant next }:
                EmitExit(next.Value, k);
                break;
            case Finish finish:
                EmitDynamicFinish(k, finish, following, after);
                break;
            case Restart:
                EmitWriteBack(k - 1);
                EmitPops();
                if (k != 0)
                    code.Arithmetic(true, 5, Operand.At(Register.Rdi, StatePlaces.Remaining), k);
                code.Move(Register.Rsi, slots[k].Slot);
                EmitHandler(k);
                break;
            case Leave leave:
                EmitLeave(k, leave);
                break;
        }
    }

    private void EmitDynamicFinish(int k, Finish finish, Block? following, CodeLabel? after)
    {
        Into(Register.Rax, finish.Next);
        CodeLabel none = new();
        if (after is not null)
        {
            // Nothing of the instruction lives on: RDX is free.
            code.Move(Register.Rdx, Expected(k)!.Value);
            code.Direct(true, 0x3B, (int)Register.Rax, Register.Rdx);
            code.Jump(HostCondition.Equal, after);
        }

        code.Move(Register.Rsi, Register.Rax);
        exitFree &= ~(1 << (int)Register.Rsi);
        EmitWriteBack(k);
        code.Direct(true, 0x85, (int)Register.Rsi, Register.Rsi);
        code.Jump(HostCondition.Equal, none);
        EmitGoOn(k + 1);
        code.Mark(none);
        EmitNull(k + 1);
        _ = following;
    }

    // A call in the last place: a jump.
    private void EmitLeave(int k, Leave leave)
    {
        EmitWriteBack(k);
        if (k != 0)
            code.Arithmetic(true, 5, Operand.At(Register.Rdi, StatePlaces.Remaining), k);
        Node[] arguments = leave.Call.Arguments;
        if (arguments.Length > ArgumentRegisters.Length || arguments[0] is not StateAddress { Offset: 0 })
            throw new UntranslatableException("a call with other arguments");
        int place = template.LowestSpill;
        for (int n = 1; n < arguments.Length; n++)
        {
            if (arguments[n] is Constant)
                continue;
            if (arguments[n].Kind is not (Kind.Int or Kind.Long) || (place -= 8) < -128)
                throw new UntranslatableException("a call with too many arguments");
            Register value = Value(arguments[n], out bool owned);
            EmitStore(Operand.At(Register.Rsp, place), value, 8);
            Release(value, owned);
        }

        place = template.LowestSpill;
        for (int n = 1; n < arguments.Length; n++)
        {
            if (arguments[n] is Constant constant)
                code.Move(ArgumentRegisters[n], constant.Kind == Kind.Int ? (uint)constant.Value : constant.Value);
            else
                code.Memory(true, 0x8B, (int)ArgumentRegisters[n], Operand.At(Register.Rsp, place -= 8));
        }

        EmitPops();
        code.Move(Register.Rax, leave.Call.Method.MethodHandle.GetFunctionPointer());
        code.JumpRegister(Register.Rax);
    }

    private void EmitStatement(Statement statement)
    {
        switch (statement)
        {
            case Assign assign:
                NativeVariable variable = template.Of(assign.Variable);
                if (variable.Vector >= 0)
                {
                    VectorInto(variable.Vector, assign.Value);
                    break;
                }

                if (variable.Register != Register.None)
                {
                    Into(variable.Register, assign.Value);
                    break;
                }

                Register temporary = Value(assign.Value, out bool owned);
                EmitStore(Operand.At(Register.Rsp, variable.Spill), temporary, 8);
                Release(temporary, owned);
                break;
            case StateWrite write:
                EmitStateWrite(write);
                break;
            case Store store:
                int held = 0;
                Operand target = Address(store.Address, ref held);
                EmitMemoryWrite(target, store.Value, store.Access);
                ReleaseAll(held);
                break;
            case Evaluate { Value: Invoke invoke }:
                EmitEffect(invoke);
                break;
            default:
                throw new UntranslatableException(statement.GetType().Name);
        }
    }

    private void EmitStateWrite(StateWrite write)
    {
        if (StatePlaces.IsKept(write.Offset, write.Access) && places[write.Offset].Register is var register && register != Register.None)
            Into(register, write.Access.Truncation is { } truncation ? Folding.Convert(truncation, write.Value) : write.Value);
        else if (write is { Access.Size: 8, Value: Binary { Left: StateRead { Access.Size: 8 } old, Op: Operation.Add or Operation.Sub or Operation.And or Operation.Or or Operation.Xor } change } && old.Offset == write.Offset)
            EmitChange(write.Offset, change);
        else
            EmitMemoryWrite(Operand.At(Register.Rdi, write.Offset), write.Value, write.Access);
    }

    // op m, r: a place in memory that is changed.
    private void EmitChange(int offset, Binary change)
    {
        Operand place = Operand.At(Register.Rdi, offset);
        int number = OperationNumber(change.Op);
        if (change.Right is Constant { Value: >= int.MinValue and <= int.MaxValue } constant)
        {
            code.Arithmetic(true, number, place, (int)constant.Value);
            return;
        }

        Register register = Value(change.Right, out bool owned);
        code.Memory(true, (number << 3) | 1, (int)register, place);
        Release(register, owned);
    }

    private void EmitMemoryWrite(Operand target, Node value, MemoryType access)
    {
        if (IsVector(access.Type))
        {
            int vector = VectorValue(value, out bool ownedVector);
            code.Avx(1, 2, 0x7F, vector, 0, target);
            ReleaseVector(vector, ownedVector);
            return;
        }

        if (access.Kind is not (Kind.Int or Kind.Long))
            throw new UntranslatableException($"writes a {access.Kind}");
        if (value is Constant constant && (access.Size != 8 || (constant.Value == (int)constant.Value)))
        {
            if (access.Size == 2)
                code.Prefix(0x66);
            code.Memory(access.Size == 8, access.Size == 1 ? 0xC6 : 0xC7, 0, target);
            code.Byte((int)constant.Value);
            if (access.Size == 2)
                code.Byte((int)constant.Value >> 8);
            else if (access.Size > 2)
                code.RestOfInt32((int)constant.Value);
            return;
        }

        // Only its low bits count.
        while (value is Unary { Kind: Kind.Int, Value.Kind: Kind.Int or Kind.Long } cut && BitsOf(cut) >= access.Size * 8)
            value = cut.Value;
        Register register = Value(value, out bool owned);
        EmitStore(target, register, access.Size);
        Release(register, owned);
    }

    private static int BitsOf(Unary conversion) => conversion.Op switch
    {
        Operation.ConvU1 or Operation.ConvI1 => 8,
        Operation.ConvU2 or Operation.ConvI2 => 16,
        Operation.ConvU4 or Operation.ConvI4 => 32,
        _ => 0,
    };
}
