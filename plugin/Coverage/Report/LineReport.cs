namespace RenodeUvmem.Coverage.Report;

/// <summary>A line of source that has code.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Function">The function it belongs to.</param>
/// <param name="RanIn">Where a statement of it began to execute.</param>
/// <param name="Branches">Its conditional branches; a function that is inlined in several places has them in each.</param>
public sealed record LineReport(int Number, string Function, Worlds RanIn, IReadOnlyList<BranchReport> Branches)
{
    /// <summary>Why it can't run, or null.</summary>
    public string? Unreachable { get; init; }

    /// <summary>Why its branches can't go the ways that they did not go, or null.</summary>
    public string? UnreachableWays { get; init; }

    /// <summary>Whether it ran anywhere.</summary>
    public bool Ran => RanIn != Worlds.None;

    /// <summary>Whether it counts: one that can't run does not.</summary>
    public bool Counts => Unreachable is null;

    /// <summary>Ways that its branches went.</summary>
    public int WaysGone => Branches.Sum(branch => branch.Gone);

    /// <summary>Ways that its branches can go.</summary>
    public int Ways => UnreachableWays is null ? Branches.Count * BranchReport.WayCount : WaysGone;
}
