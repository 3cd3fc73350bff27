namespace RenodeUvmem.Power9.Tiers;

/// <summary>IL's evaluation stack.</summary>
internal sealed class NodeStack
{
    private Node[] nodes = new Node[8];

    public int Count { get; private set; }

    /// <summary>From the bottom.</summary>
    public Node this[int index]
    {
        get => nodes[index];
        set => nodes[index] = value;
    }

    public void Push(Node node)
    {
        if (Count == nodes.Length)
            Array.Resize(ref nodes, 2 * Count);
        nodes[Count++] = node;
    }

    public Node Pop() => nodes[--Count];

    public void CopyTo(Node?[] target, int index) => Array.Copy(nodes, 0, target, index, Count);

    public void Fill(ReadOnlySpan<Node?> from)
    {
        Count = 0;
        foreach (Node? node in from)
            Push(node!);
    }
}
