using System.Globalization;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>A part of the picture: all tracks of one unit as one tree.</summary>
internal sealed class FlameSection
{
    private readonly string unit;

    private FlameSection(string unit, FlameNode root)
    {
        this.unit = unit;
        Root = root;
    }

    public FlameNode Root { get; }

    public double Total => Root.Weight;

    /// <summary>Rows.</summary>
    public int Depth => DepthOf(Root) - 1;

    /// <summary>All owners in it.</summary>
    public IEnumerable<CodeOwner> Owners => OwnersOf(Root);

    public string Head => unit == ProfileTrack.Instructions
        ? $"Instructions of the guests: {Amount(Total)}"
        : $"Time of the host: {Amount(Total)}";

    /// <summary>The tracks of a profile with a unit.</summary>
    public static FlameSection Of(Profile profile, string unit)
    {
        double[] weights = profile.Weights(unit);
        var nodes = new Dictionary<int, FlameNode> { [0] = new FlameNode(null) };
        for (int node = 0; node < weights.Length; node++)
        {
            if (weights[node] == 0)
                continue;
            NodeOf(node).Self = weights[node];
            for (int at = node; at >= 0; at = profile.Tree.Parent(at))
                NodeOf(at).Weight += weights[node];
        }

        foreach (FlameNode node in nodes.Values)
            node.Children.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : string.CompareOrdinal(a.Frame!.Value.Name, b.Frame!.Value.Name));
        return new FlameSection(unit, nodes[0]);

        FlameNode NodeOf(int node)
        {
            if (nodes.TryGetValue(node, out FlameNode? known))
                return known;
            var made = new FlameNode(profile.Frames[profile.Tree.Frame(node)]);
            nodes.Add(node, made);
            NodeOf(profile.Tree.Parent(node)).Children.Add(made);
            return made;
        }
    }

    /// <summary>Drops what is a smaller part of the whole.</summary>
    public void Prune(double part) => Prune(Root, part * Total);

    /// <summary>A weight for people.</summary>
    public string Amount(double weight) => unit == ProfileTrack.Instructions
        ? $"{Number.Text((long)weight)} instructions"
        : $"{weight.ToString("N0", CultureInfo.InvariantCulture)} ms";

    private static void Prune(FlameNode node, double least)
    {
        node.Children.RemoveAll(child => child.Weight < least);
        foreach (FlameNode child in node.Children)
            Prune(child, least);
    }

    private static int DepthOf(FlameNode node) => 1 + node.Children.Select(DepthOf).DefaultIfEmpty(0).Max();

    private static IEnumerable<CodeOwner> OwnersOf(FlameNode node) =>
        node.Children.SelectMany(OwnersOf).Concat(node.Frame is { } frame ? [frame.Owner] : []).Distinct();
}

/// <summary>A frame in its place.</summary>
/// <param name="frame">Null for the root, which is not shown.</param>
internal sealed class FlameNode(ProfileFrame? frame)
{
    public ProfileFrame? Frame { get; } = frame;

    /// <summary>With everything below.</summary>
    public double Weight { get; set; }

    /// <summary>Without.</summary>
    public double Self { get; set; }

    public List<FlameNode> Children { get; } = [];
}
