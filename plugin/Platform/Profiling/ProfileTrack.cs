namespace RenodeUvmem.Platform.Profiling;

/// <summary>Samples in order of time: of a CPU by instructions, or of the host by milliseconds.</summary>
/// <param name="Name">For people.</param>
/// <param name="Unit">What weights count: <see cref="Instructions"/> or <see cref="Milliseconds"/>.</param>
public sealed record ProfileTrack(string Name, string Unit)
{
    /// <summary>speedscope has no unit for instructions.</summary>
    public const string Instructions = "none";

    /// <summary>Host time.</summary>
    public const string Milliseconds = "milliseconds";

    /// <summary>Nodes of <see cref="Profile.Tree"/> and their weights; neighbours differ.</summary>
    public List<(int Node, double Weight)> Samples { get; } = [];

    /// <summary>Sum of the weights.</summary>
    public double Total => Samples.Sum(sample => sample.Weight);

    /// <summary>Appends a sample, or makes the last one longer.</summary>
    public void Add(int node, double weight)
    {
        if (Samples.Count != 0 && Samples[^1].Node == node)
            Samples[^1] = (node, Samples[^1].Weight + weight);
        else
            Samples.Add((node, weight));
    }
}
