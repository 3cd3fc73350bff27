namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>
/// Compares whose CR field is computed only where somebody looks at it. Most are followed by a branch, which compares itself, and by another compare before anybody reads the
/// field; ways out of the trace compute it.
/// </summary>
internal sealed partial class NativeCompiler
{
    // Registers of variables and terms, as a mask: free where no variable is alive.
    private static readonly int AllFree = Template.Pool.Append(Register.Rax).Append(Register.Rdx).Aggregate(0, (mask, register) => mask | (1 << (int)register));

    private PendingCompare? pending;
    private bool mayWait, hasWaited;

    // Before instruction k: what it is about to change, or reads otherwise than as a branch does, is computed.
    private void Prepare(int k)
    {
        if (pending is null)
            return;
        bool changes = false, reads = false, writes = false;
        int field = pending.Write.Offset;
        foreach (PlaceReference reference in template.Places)
        {
            int offset = reference.OffsetFor(slot);
            if (reference.IsWrite && pending.Operands.Contains(offset))
                changes = true;
            if (offset == field)
                (writes, reads) = (writes | reference.IsWrite, reads | !reference.IsWrite);
        }

        // Another compare in its place: nobody has seen this one.
        if (writes && !reads && template.Blocks is [{ End: Finish }] && k + 1 < slots.Count)
        {
            pending = null;
            return;
        }

        if (changes || writes || (reads && !OnlyBranchesRead(field)))
            Compute();
    }

    // Now the field is as if it had been computed when it was compared.
    private void Compute()
    {
        if (pending is not { } compare)
            return;
        pending = null;
        free = AllFree;
        EmitStateWrite(compare.Write);
    }

    private bool OnlyBranchesRead(int field)
    {
        foreach (Block block in template.Blocks)
        {
            foreach (Statement statement in block.Statements)
            {
                if (Trees.Of(statement).Any(tree => ReadsField(slot.Resolve(tree), field)))
                    return false;
            }

            if (block.End is Branch branch)
            {
                if ((ReadsField(slot.Resolve(branch.Left), field) || (branch.Right is not null && ReadsField(slot.Resolve(branch.Right), field))) && FieldBit(slot.Resolve(branch.Left), branch.Right) is null)
                    return false;
            }
            else if (Trees.Of(block.End!).Any(tree => ReadsField(slot.Resolve(tree), field)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ReadsField(Node root, int field)
    {
        bool found = false;
        Trees.Visit(root, node => found |= node is StateRead read && read.Offset == field);
        return found;
    }

    // The bit of the pending field that a condition asks for, as EmitTruth takes it apart.
    private long? FieldBit(Node condition, Node? right)
    {
        if (right is not null)
            return null;
        while (condition is Binary { Op: Operation.Ceq or Operation.CgtUn, Right: Constant { Value: 0 } } comparison)
            condition = comparison.Left;
        return condition is Binary { Op: Operation.And, Left: StateRead read, Right: Constant mask } && pending is not null && read.Offset == pending.Write.Offset
            && pending.ConditionOf(mask.Value) is not null
            ? mask.Value
            : null;
    }

    // If all that the instruction does is a compare, perhaps of what it also writes to a register, it waits.
    private bool Waits(int k, List<Block> staying)
    {
        if (!mayWait || k + 1 >= slots.Count || template.Blocks is not [{ End: Finish { Next.OfSlot: true } } block] || staying.Count != 1 || block.Statements.Count == 0)
            return false;
        if (slot.Resolve(block.Statements[^1]) is not StateWrite { Access.Size: 1 } write || !places.TryGetValue(write.Offset, out PlaceUse? place) || place.Register == Register.None)
            return false;
        Node value = write.Value;
        while (value is Unary { Op: Operation.ConvU1 } conversion)
            value = conversion.Value;
        if (value is not Binary { Op: Operation.Or, Left: Invoke compare, Right: StateRead { Access.Size: 1 } summary } || compare.Callee.Intrinsic is not (Intrinsic.CompareSigned or Intrinsic.CompareUnsigned))
            return false;

        // A variable lives as long as its instruction; what was written from it to a register lives on.
        var known = new Dictionary<Variable, Node>();
        foreach (Statement statement in block.Statements)
        {
            if (slot.Resolve(statement) is StateWrite { Access.Size: 8, Value: Read { Kind: Kind.Long } read } copy && StatePlaces.IsKept(copy.Offset, copy.Access))
                known[read.Variable] = new StateRead(copy.Offset, copy.Access);
        }

        Node left = Trees.Replace(compare.Arguments[0], known.GetValueOrDefault), right = Trees.Replace(compare.Arguments[1], known.GetValueOrDefault);
        var operands = new List<int> { summary.Offset };
        if (!AddOperands(left, operands) || !AddOperands(right, operands) || operands.Contains(write.Offset))
            return false;

        // What the instruction writes after it has been compared would be compared anew.
        for (int n = 0; n < block.Statements.Count - 1; n++)
        {
            if (slot.Resolve(block.Statements[n]) is StateWrite other && operands.Contains(other.Offset) && !(other.Value is Read source && known.ContainsKey(source.Variable)))
                return false;
        }

        // One waits at a time.
        hasWaited = true;
        Compute();
        int position = template.Starts[block];
        for (int n = 0; n < block.Statements.Count - 1; n++)
        {
            Begin(position++);
            EmitStatement(slot.Resolve(block.Statements[n]));
        }

        var waiting = new Invoke(compare.Method, [left, right], compare.Kind, compare.Type);
        pending = new PendingCompare(write with { Value = new Binary(Operation.Or, waiting, summary, Kind.Int) }, waiting, operands);
        return true;
    }

    private static bool AddOperands(Node root, List<int> operands)
    {
        bool simple = true;
        Trees.Visit(root, node =>
        {
            if (node is StateRead read && StatePlaces.IsKept(read.Offset, read.Access))
                operands.Add(read.Offset);
            else if (node is not (Constant or Unary))
                simple = false;
        });
        return simple;
    }
}
