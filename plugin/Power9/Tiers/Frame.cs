using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What is known of one method while it is specialised: its arguments, locals and stack at the place that is looked at.</summary>
internal sealed class Frame
{
    public Frame(IlMethod method, Node?[] arguments)
    {
        Method = method;
        Arguments = arguments;
        Locals = new Node?[method.Locals.Length];
        Homes = [.. method.Locals.Select((type, k) => method.AddressTaken.Contains(k) ? new Variable(Kinds.Of(type), type) : null)];
        ArgumentHomes = [.. method.Parameters.Select((type, k) => method.ArgumentAddressTaken.Contains(k) ? new Variable(Kinds.Of(type), type) : null)];
    }

    public IlMethod Method { get; }

    public Node?[] Arguments { get; private set; }

    public Node?[] Locals { get; private set; }

    /// <summary>Variables of locals whose address is taken.</summary>
    public Variable?[] Homes { get; }

    public Variable?[] ArgumentHomes { get; }

    public Stack<Node> Stack { get; private set; } = new();

    public Dictionary<int, List<Edge>> Edges { get; } = [];

    public List<Edge> Returns { get; } = [];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Edge Snapshot(Block block, bool dirty) => new(block, dirty, [.. Arguments, .. Locals, .. Stack.Reverse()]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Restore(Node?[] values)
    {
        int arguments = Arguments.Length, locals = Locals.Length;
        Arguments = values[..arguments];
        Locals = values[arguments..(arguments + locals)];
        Stack = new Stack<Node>(values[(arguments + locals)..]!);
    }
}

/// <summary>A way into a place: the block that it comes from, whether that changed the state, and the values it brings.</summary>
internal sealed record Edge(Block Block, bool Dirty, Node?[] Values);
