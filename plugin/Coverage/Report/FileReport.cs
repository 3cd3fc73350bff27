namespace RenodeUvmem.Coverage.Report;

/// <summary>A source file.</summary>
public sealed class FileReport
{
    private readonly Dictionary<int, LineReport> byNumber;

    /// <summary>Puts it together.</summary>
    /// <param name="path">Path in the kernel's source tree.</param>
    /// <param name="text">Its lines.</param>
    /// <param name="lines">Those with code.</param>
    public FileReport(string path, IReadOnlyList<string> text, IEnumerable<LineReport> lines)
    {
        Path = path;
        Text = text;
        Lines = [.. lines.OrderBy(line => line.Number)];
        byNumber = Lines.ToDictionary(line => line.Number);
        Functions = [.. Lines.GroupBy(line => line.Function).Select(group => new FunctionReport(group.Key, [.. group])).OrderBy(function => function.Lines[0].Number)];
        Executed = Tally.Lines(Lines);
        Ways = Tally.Ways(Lines);
    }

    /// <summary>Path in the kernel's source tree.</summary>
    public string Path { get; }

    /// <summary>All lines of the file.</summary>
    public IReadOnlyList<string> Text { get; }

    /// <summary>Lines with code, ascending.</summary>
    public IReadOnlyList<LineReport> Lines { get; }

    /// <summary>Functions with code, by first line.</summary>
    public IReadOnlyList<FunctionReport> Functions { get; }

    /// <summary>Lines that ran.</summary>
    public Tally Executed { get; }

    /// <summary>Ways of branches that were gone.</summary>
    public Tally Ways { get; }

    /// <summary>The line of a number if it has code.</summary>
    public LineReport? Find(int number) => byNumber.GetValueOrDefault(number);

    /// <summary>What stands in a line, without blanks around it.</summary>
    public string TextOf(int number) => number <= Text.Count ? Text[number - 1].Trim() : "";
}
