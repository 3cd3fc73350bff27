namespace RenodeUvmem.Coverage.Report;

/// <summary>The lines of a function.</summary>
/// <param name="Name">Name; of assembler code the label.</param>
/// <param name="Lines">Its lines with code, ascending.</param>
public sealed record FunctionReport(string Name, IReadOnlyList<LineReport> Lines)
{
    /// <summary>Lines that ran.</summary>
    public Tally Executed { get; } = Tally.Lines(Lines);

    /// <summary>Ways of branches that were gone.</summary>
    public Tally Ways { get; } = Tally.Ways(Lines);
}
