namespace RenodeUvmem.Platform.Profiling;

/// <summary>Stacks that share their outer frames. A stack is the number of its innermost node; 0 is the empty one.</summary>
public sealed class CallTree
{
    private readonly List<(int Parent, int Frame)> nodes = [(-1, -1)];
    private readonly Dictionary<(int Parent, int Frame), int> children = [];

    /// <summary>Nodes, with the root.</summary>
    public int Count => nodes.Count;

    /// <summary>The node below another one, made if need be.</summary>
    public int Child(int parent, int frame)
    {
        if (children.TryGetValue((parent, frame), out int node))
            return node;
        node = nodes.Count;
        nodes.Add((parent, frame));
        children.Add((parent, frame), node);
        return node;
    }

    /// <summary>The node above another one; -1 above the root.</summary>
    public int Parent(int node) => nodes[node].Parent;

    /// <summary>The frame of a node; -1 for the root.</summary>
    public int Frame(int node) => nodes[node].Frame;

    /// <summary>Frames of a stack, outermost first.</summary>
    public int[] Frames(int node)
    {
        var frames = new List<int>();
        for (int at = node; at > 0; at = Parent(at))
            frames.Add(Frame(at));
        frames.Reverse();
        return [.. frames];
    }
}
