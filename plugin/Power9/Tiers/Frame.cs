using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What is known of one method while it is specialised: its arguments, locals and stack at the place that is looked at.</summary>
internal sealed class Frame
{
    private static readonly Variable?[] NoHomes = new Variable?[64];

    public Frame(IlMethod method, Node?[] arguments)
    {
        Method = method;
        Arguments = arguments;
        Locals = new Node?[method.Locals.Length];
        Homes = HomesOf(method.Locals, method.AddressTaken);
        ArgumentHomes = HomesOf(method.Parameters, method.ArgumentAddressTaken);
        Edges = new List<Edge>?[method.Blocks.Length];
    }

    public IlMethod Method { get; }

    public Node?[] Arguments { get; private set; }

    public Node?[] Locals { get; private set; }

    /// <summary>Variables of locals whose address is taken.</summary>
    public Variable?[] Homes { get; }

    public Variable?[] ArgumentHomes { get; }

    public NodeStack Stack { get; } = new();

    /// <summary>Ways into each of the method's blocks.</summary>
    public List<Edge>?[] Edges { get; }

    public List<Edge> Returns { get; } = [];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Edge Snapshot(Block block, bool dirty)
    {
        var values = new Node?[Arguments.Length + Locals.Length + Stack.Count];
        Arguments.CopyTo(values, 0);
        Locals.CopyTo(values, Arguments.Length);
        Stack.CopyTo(values, Arguments.Length + Locals.Length);
        return new Edge(block, dirty, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Restore(Node?[] values)
    {
        int arguments = Arguments.Length, locals = Locals.Length;
        Arguments = values[..arguments];
        Locals = values[arguments..(arguments + locals)];
        Stack.Fill(values.AsSpan(arguments + locals));
    }

    private static Variable?[] HomesOf(Type[] types, List<int> addressTaken)
    {
        if (addressTaken.Count == 0 && types.Length <= NoHomes.Length)
            return NoHomes;
        var homes = new Variable?[types.Length];
        foreach (int k in addressTaken)
            homes[k] = new Variable(Kinds.Of(types[k]), types[k]);
        return homes;
    }
}

/// <summary>A way into a place: the block that it comes from, whether that changed the state, and the values it brings.</summary>
internal sealed class Edge(Block block, bool dirty, Node?[] values)
{
    public Block Block { get; } = block;

    public bool Dirty { get; } = dirty;

    public Node?[] Values { get; } = values;
}
