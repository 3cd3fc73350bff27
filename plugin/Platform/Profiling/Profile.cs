namespace RenodeUvmem.Platform.Profiling;

/// <summary>Where a run spent its instructions, and the host its time.</summary>
public sealed class Profile
{
    private readonly Dictionary<ProfileFrame, int> numbers = [];
    private readonly List<ProfileFrame> frames = [];

    /// <summary>All frames by number.</summary>
    public IReadOnlyList<ProfileFrame> Frames => frames;

    /// <summary>All stacks.</summary>
    public CallTree Tree { get; } = new();

    /// <summary>All tracks: CPUs, then the host's.</summary>
    public List<ProfileTrack> Tracks { get; } = [];

    /// <summary>The number of a frame.</summary>
    public int Add(ProfileFrame frame)
    {
        if (numbers.TryGetValue(frame, out int number))
            return number;
        frames.Add(frame);
        numbers.Add(frame, frames.Count - 1);
        return frames.Count - 1;
    }

    /// <summary>Weights of all stacks of tracks with a unit, by node: what ended there, without what ended below.</summary>
    public double[] Weights(string unit)
    {
        double[] weights = new double[Tree.Count];
        foreach (ProfileTrack track in Tracks.Where(track => track.Unit == unit))
        {
            foreach ((int node, double weight) in track.Samples)
                weights[node] += weight;
        }

        return weights;
    }
}
