using System.Buffers.Binary;
using System.Text;

namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>A node: its properties and children, in the order in which they stand in the blob.</summary>
public sealed class FdtNode(string name)
{
    private readonly List<FdtProperty> properties = [];
    private readonly List<FdtNode> children = [];

    /// <summary>Name with unit address, e.g. <c>memory@0</c>; empty for the root.</summary>
    public string Name { get; } = name;

    /// <summary>Properties in order.</summary>
    public IReadOnlyList<FdtProperty> Properties => properties;

    /// <summary>Children in order.</summary>
    public IReadOnlyList<FdtNode> Children => children;

    /// <summary>Appends a child and returns it.</summary>
    public FdtNode Add(FdtNode child)
    {
        children.Add(child);
        return child;
    }

    /// <summary>Appends an empty child and returns it.</summary>
    public FdtNode AddNode(string childName) => Add(new FdtNode(childName));

    /// <summary>The property, or null.</summary>
    public FdtProperty? Find(string property) => properties.Find(p => p.Name == property);

    /// <summary>The property.</summary>
    /// <exception cref="FdtException">There is none.</exception>
    public FdtProperty Get(string property) => Find(property) ?? throw new FdtException($"node {Name}: no property {property}");

    /// <summary>Sets a property to bytes, in place if it exists. No bytes: a flag.</summary>
    public FdtNode Set(string property, params byte[] value)
    {
        if (Find(property) is { } existing)
            existing.Value = value;
        else
            properties.Add(new FdtProperty(property, value));
        return this;
    }

    /// <summary>Sets a property to one string or a list of strings, each NUL-terminated.</summary>
    public FdtNode SetText(string property, params string[] texts) =>
        Set(property, Encoding.Latin1.GetBytes(string.Concat(texts.Select(text => text + '\0'))));

    /// <summary>Sets a property to 32-bit cells.</summary>
    public FdtNode SetCells(string property, params uint[] cells)
    {
        var value = new byte[cells.Length * 4];
        for (int n = 0; n < cells.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(n * 4), cells[n]);
        return Set(property, value);
    }

    /// <summary>Sets a property to numbers of two cells each: addresses and sizes.</summary>
    public FdtNode SetTwoCells(string property, params ulong[] numbers)
    {
        var value = new byte[numbers.Length * 8];
        for (int n = 0; n < numbers.Length; n++)
            BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(n * 8), numbers[n]);
        return Set(property, value);
    }

    /// <summary>Removes a property if it exists.</summary>
    public bool Remove(string property) => properties.RemoveAll(p => p.Name == property) > 0;

    /// <summary>
    /// The node at a path below this one, e.g. <c>rtas</c> or <c>cpus/PowerPC,POWER9@0</c>, or null.
    /// A step without unit address finds the first child of that name with any.
    /// </summary>
    public FdtNode? FindNode(string path)
    {
        FdtNode? node = this;
        foreach (string step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node.children.Find(c => c.Name == step)
                ?? (step.Contains('@', StringComparison.Ordinal) ? null : node.children.Find(c => c.Name.StartsWith(step + "@", StringComparison.Ordinal)));
            if (node is null)
                return null;
        }

        return node;
    }

    /// <summary>This node and all below it, parents first.</summary>
    public IEnumerable<FdtNode> Descendants()
    {
        yield return this;
        foreach (FdtNode child in children)
        {
            foreach (FdtNode node in child.Descendants())
                yield return node;
        }
    }
}
