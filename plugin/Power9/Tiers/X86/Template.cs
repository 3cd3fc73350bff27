using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>
/// What one decoded instruction does, ready for the code generator: trees joined where their values are used once, variables in registers. Made once for all slots with the
/// same handler and operands, if the instruction does not look at its own address.
/// </summary>
internal sealed class Template
{
    /// <summary>Registers of variables. RAX and RDX are at hand within a statement.</summary>
    public static readonly Register[] Pool = [Register.Rcx, Register.Rsi, Register.R8, Register.R9];

    /// <summary>First of the XMM registers of variables; those before it are at hand within a statement.</summary>
    public const int FirstVector = 6;

    // 128 bytes below the stack pointer are the code's own (System V ABI 3.2.2).
    private const int LargestSpill = 120;

    private readonly Dictionary<Variable, NativeVariable> variables = [];
    private int spilled;

    private Template(List<Block> blocks) => Blocks = blocks;

    /// <summary>In order: each after all that lead to it.</summary>
    public List<Block> Blocks { get; }

    /// <summary>State that is read or written, in order.</summary>
    public List<PlaceReference> Places { get; } = [];

    /// <summary>Registers of <see cref="Pool"/> that variables have at a statement, as a mask; by position.</summary>
    public List<int> Occupied { get; } = [];

    /// <summary>Lowest offset from the stack pointer that a variable has.</summary>
    public int LowestSpill => -spilled;

    /// <summary>Position of each block's first statement; its end has the position after its last.</summary>
    public Dictionary<Block, int> Starts { get; } = [];

    public static Template Make(List<Block> blocks)
    {
        Thread(blocks);
        var template = new Template(BlockOrder.Of(blocks[0]));
        template.Count();
        template.Join();
        template.Number();
        template.Allocate();
        template.FindPlaces();
        return template;
    }

    public NativeVariable Of(Variable variable) => variables[variable];

    /// <summary>
    /// Which blocks the slot's instruction may execute: those that may lead to the slot that is expected next, and those that can't.
    /// </summary>
    public (List<Block> Staying, List<Block> Leaving) Split(SlotValues slot, long? expected)
    {
        foreach (Block block in Blocks)
            (block.Live, block.Stays) = (false, false);
        Blocks[0].Live = true;
        int live = 0;
        foreach (Block block in Blocks)
        {
            if (!block.Live)
                continue;
            live++;
            switch (block.End)
            {
                case Jump jump:
                    jump.Target.Live = true;
                    break;
                case Branch branch when Known(branch, slot) is { } known:
                    (known ? branch.Taken : branch.Fall).Live = true;
                    break;
                case Branch branch:
                    (branch.Taken.Live, branch.Fall.Live) = (true, true);
                    break;
            }
        }

        var staying = new List<Block>(live);
        var leaving = new List<Block>();
        for (int n = Blocks.Count - 1; n >= 0; n--)
        {
            Block block = Blocks[n];
            if (!block.Live)
                continue;
            block.Stays = expected is not null && block.End switch
            {
                Finish { Next.OfSlot: true } finish => slot.Number(finish.Next) == expected,
                Finish => true,
                Jump jump => jump.Target.Stays,
                Branch branch => branch.Taken.Stays || branch.Fall.Stays,
                _ => false,
            };
            (block.Stays ? staying : leaving).Add(block);
        }

        staying.Reverse();
        leaving.Reverse();
        return (staying, leaving);
    }

    /// <summary>Where a branch goes, if the slot alone decides.</summary>
    public static bool? Known(Branch branch, SlotValues slot) =>
        branch.Left.OfSlot && branch.Right?.OfSlot != false
            ? Folding.Branches(branch.Op, slot.Resolve(branch.Left), branch.Right is null ? null : slot.Resolve(branch.Right))
            : null;

    // "Did it work?" becomes two ways: a block that only asks for a number that each way into it knows is jumped over.
    private static void Thread(List<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            if (block.End is not Jump { Target: { Statements.Count: 0, End: Branch { Left: Read asked, Right: null, Op: Operation.BrTrue or Operation.BrFalse } branch } })
                continue;
            for (int k = block.Statements.Count - 1; k >= 0; k--)
            {
                if (block.Statements[k] is not Assign assign || assign.Variable != asked.Variable)
                    continue;
                if (assign.Value is Constant known)
                    block.End = new Jump((known.Value != 0) == (branch.Op == Operation.BrTrue) ? branch.Taken : branch.Fall);
                break;
            }
        }
    }

    private void Count()
    {
        foreach (Block block in Blocks)
        {
            foreach (Statement statement in block.Statements)
            {
                if (statement is Assign assign)
                    Own(assign.Variable).Assigns++;
                if (statement is Initialize)
                    throw new UntranslatableException("a structure");
                foreach (Node node in Trees.Of(statement))
                    CountReads(node);
            }

            foreach (Node node in Trees.Of(block.End!))
                CountReads(node);
        }
    }

    private void CountReads(Node root) => Trees.Visit(root, node =>
    {
        if (node is Read read)
            Own(read.Variable).Reads++;
        else if (node is VariableAddress address)
            Own(address.Variable).AddressTaken = true;
    });

    private NativeVariable Own(Variable variable)
    {
        if (!variables.TryGetValue(variable, out NativeVariable? own))
            variables[variable] = own = new NativeVariable();
        return own;
    }

    // A value that is used once, in the same block, becomes a part of the tree that uses it. One that nobody uses disappears.
    private void Join()
    {
        foreach (Block block in Blocks)
        {
            List<Statement> statements = block.Statements;
            for (int k = 0; k < statements.Count; k++)
            {
                if (statements[k] is not Assign { Variable: var variable, Value: var value } || Own(variable) is not { Assigns: 1, AddressTaken: false } own)
                    continue;
                if (own.Reads == 0 || (value is StateAddress || value.OfSlot ? JoinEverywhere(variable, value) : own.Reads == 1 && JoinOnce(block, k, variable, value)))
                    statements.RemoveAt(k--);
            }
        }
    }

    private bool JoinEverywhere(Variable variable, Node value)
    {
        Func<Variable, Node?> by = candidate => candidate == variable ? value : null;
        foreach (Block block in Blocks)
        {
            for (int k = 0; k < block.Statements.Count; k++)
                block.Statements[k] = Trees.Replace(block.Statements[k], by);
            block.End = Trees.Replace(block.End!, by);
        }

        return true;
    }

    private bool JoinOnce(Block block, int from, Variable variable, Node value)
    {
        var reads = new List<int>();
        bool loads = false, again = false;
        int size = 0;
        Trees.Visit(value, node =>
        {
            size++;
            if (node is StateRead read)
                reads.Add(read.Offset);
            else if (node is RegisterRead register)
                reads.Add(register.Base);
            loads |= node is Load or Invoke;
            again |= node is Read copy && Own(copy.Variable).Assigns > 1;
        });
        if (size > 12)
            return false;
        Func<Variable, Node?> by = candidate => candidate == variable ? value : null;
        for (int k = from + 1; k < block.Statements.Count; k++)
        {
            Statement statement = block.Statements[k];
            if (Trees.Of(statement).Any(tree => Reads(tree, variable)))
            {
                block.Statements[k] = Trees.Replace(statement, by);
                return true;
            }

            bool blocks = statement switch
            {
                Assign => again,
                StateWrite write => reads.Exists(read => StatePlaces.MayBeSame(read, write.Offset)),
                RegisterWrite write => reads.Exists(read => StatePlaces.MayBeSame(read, write.Base)),
                _ => loads,
            };
            if (blocks)
                return false;
        }

        // What leaves for a method writes the state back first.
        if (block.End is Leave || !Trees.Of(block.End!).Any(tree => Reads(tree, variable)))
            return false;
        block.End = Trees.Replace(block.End!, by);
        return true;
    }

    private static bool Reads(Node root, Variable variable)
    {
        bool found = false;
        Trees.Visit(root, node => found |= node is Read read && read.Variable == variable);
        return found;
    }

    private void Number()
    {
        int position = 0;
        foreach (Block block in Blocks)
        {
            Starts[block] = position;
            foreach (Statement statement in block.Statements)
            {
                foreach (Node tree in Trees.Of(statement))
                    Live(tree, position);
                if (statement is Assign assign)
                    Live(assign.Variable, position);
                position++;
            }

            foreach (Node tree in Trees.Of(block.End!))
                Live(tree, position);
            position++;
        }

        Occupied.AddRange(new int[position]);
    }

    private void Live(Node root, int position) => Trees.Visit(root, node =>
    {
        if (node is Read read)
            Live(read.Variable, position);
    });

    private void Live(Variable variable, int position)
    {
        NativeVariable own = Own(variable);
        own.First = Math.Min(own.First, position);
        own.Last = Math.Max(own.Last, position);
    }

    private void Allocate()
    {
        var until = new int[Pool.Length];
        Array.Fill(until, -1);
        var vectorsUntil = new int[16 - FirstVector];
        Array.Fill(vectorsUntil, -1);
        foreach ((Variable variable, NativeVariable own) in variables.Where(pair => pair.Value.Last >= 0).OrderBy(pair => pair.Value.First))
        {
            if (NativeCompiler.IsVector(variable.Type) && !own.AddressTaken)
            {
                own.Vector = Array.FindIndex(vectorsUntil, last => last < own.First) + FirstVector;
                if (own.Vector < FirstVector)
                    throw new UntranslatableException("too many vectors");
                vectorsUntil[own.Vector - FirstVector] = own.Last;
                continue;
            }

            if (variable.Kind is not (Kind.Int or Kind.Long) || own.AddressTaken)
                throw new UntranslatableException($"a variable of {variable.Kind}");
            int free = Array.FindIndex(until, last => last < own.First);
            if (free < 0)
            {
                spilled += 8;
                own.Spill = -spilled;
                if (spilled > LargestSpill)
                    throw new UntranslatableException("too many variables");
                continue;
            }

            until[free] = own.Last;
            own.Register = Pool[free];
            for (int position = own.First; position <= own.Last; position++)
                Occupied[position] |= 1 << free;
        }
    }

    private void FindPlaces()
    {
        foreach (Block block in Blocks)
        {
            bool always = block == Blocks[0];
            foreach (Statement statement in block.Statements)
            {
                foreach (Node tree in Trees.Of(statement))
                    FindReads(tree, always);
                if (statement is StateWrite write)
                    Places.Add(new PlaceReference(write.Offset, null, write.Access, IsWrite: true, always));
                else if (statement is RegisterWrite register)
                    Places.Add(new PlaceReference(register.Base, register.Index, register.Access, IsWrite: true, always));
            }

            foreach (Node tree in Trees.Of(block.End!))
                FindReads(tree, always);
        }
    }

    private void FindReads(Node root, bool always) => Trees.Visit(root, node =>
    {
        if (node is StateRead read)
            Places.Add(new PlaceReference(read.Offset, null, read.Access, IsWrite: false, always));
        else if (node is RegisterRead register)
            Places.Add(new PlaceReference(register.Base, register.Index, register.Access, IsWrite: false, always));
    });
}
