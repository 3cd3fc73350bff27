namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Walks over trees.</summary>
internal static class Trees
{
    public static void Visit(Node node, Action<Node> action)
    {
        action(node);
        switch (node)
        {
            case Load load:
                Visit(load.Address, action);
                break;
            case Unary unary:
                Visit(unary.Value, action);
                break;
            case Binary binary:
                Visit(binary.Left, action);
                Visit(binary.Right, action);
                break;
            case FieldOf field:
                Visit(field.Value, action);
                break;
            case Invoke invoke:
                foreach (Node argument in invoke.Arguments)
                    Visit(argument, action);
                break;
        }
    }

    /// <summary>The trees of a statement.</summary>
    public static Node[] Of(Statement statement) => statement switch
    {
        Assign assign => [assign.Value],
        StateWrite write => [write.Value],
        RegisterWrite write => [write.Value],
        Store store => [store.Address, store.Value],
        Evaluate evaluate => [evaluate.Value],
        _ => [],
    };

    /// <summary>The trees of a terminator.</summary>
    public static Node[] Of(Terminator end) => end switch
    {
        Branch { Right: { } right } branch => [branch.Left, right],
        Branch branch => [branch.Left],
        Finish finish => [finish.Next],
        Leave leave => leave.Call.Arguments,
        _ => [],
    };

    /// <summary>The tree with its variables replaced.</summary>
    public static Node Replace(Node node, Func<Variable, Node?> by)
    {
        switch (node)
        {
            case Read read:
                return by(read.Variable) ?? read;
            case Load load:
                Node address = Replace(load.Address, by);
                return ReferenceEquals(address, load.Address) ? load : new Load(address, load.Access);
            case Unary unary:
                Node value = Replace(unary.Value, by);
                return ReferenceEquals(value, unary.Value) ? unary : new Unary(unary.Op, value, unary.Kind);
            case Binary binary:
                Node left = Replace(binary.Left, by), right = Replace(binary.Right, by);
                return ReferenceEquals(left, binary.Left) && ReferenceEquals(right, binary.Right) ? binary : new Binary(binary.Op, left, right, binary.Kind);
            case FieldOf field:
                return new FieldOf(Replace(field.Value, by), field.Field, field.Kind);
            case Invoke invoke:
                return new Invoke(invoke.Method, [.. invoke.Arguments.Select(argument => Replace(argument, by))], invoke.Kind, invoke.Type);
            default:
                return node;
        }
    }

    public static Statement Replace(Statement statement, Func<Variable, Node?> by) => statement switch
    {
        Assign assign => assign with { Value = Replace(assign.Value, by) },
        StateWrite write => write with { Value = Replace(write.Value, by) },
        RegisterWrite write => write with { Value = Replace(write.Value, by) },
        Store store => store with { Address = Replace(store.Address, by), Value = Replace(store.Value, by) },
        Evaluate evaluate => evaluate with { Value = Replace(evaluate.Value, by) },
        _ => statement,
    };

    public static Terminator Replace(Terminator end, Func<Variable, Node?> by) => end switch
    {
        Branch branch => branch with { Left = Replace(branch.Left, by), Right = branch.Right is null ? null : Replace(branch.Right, by) },
        Finish finish => finish with { Next = Replace(finish.Next, by) },
        Leave leave => leave with { Call = (Invoke)Replace(leave.Call, by) },
        _ => end,
    };
}
