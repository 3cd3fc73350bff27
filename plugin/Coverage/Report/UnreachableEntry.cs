using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Report;

/// <summary>An entry of the list of unreachable lines.</summary>
/// <param name="Place">Where it stands in the list, for messages.</param>
/// <param name="File">Path in the kernel's tree.</param>
/// <param name="Function">Function, inlined or not.</param>
/// <param name="WaysOnly">The lines run; branches of theirs never go one of their ways.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">What stands in the lines, whole but for blanks around it.</param>
/// <param name="LastText">What stands in the last line, if the entry is about all lines of the function from <paramref name="Text"/> to there.</param>
public sealed record UnreachableEntry(string Place, string File, string Function, bool WaysOnly, string Reason, string Text, string? LastText = null)
{
    private const string To = " ... ";
    private const string Separator = " | ";
    private const string LineKind = "line";
    private const string RangeKind = "lines";
    private const string BranchKind = "branch";

    /// <summary>Reads one line of the list.</summary>
    /// <exception cref="OptionException">It is none.</exception>
    public static UnreachableEntry Parse(string option, string place, string line)
    {
        string[] fields = line.Split(Separator, 5, StringSplitOptions.TrimEntries);
        if (fields is not [{ Length: > 0 } file, { Length: > 0 } function, LineKind or RangeKind or BranchKind, { Length: > 0 } reason, { Length: > 0 } text])
            throw new OptionException(option, $"{place}: expected 'FILE{Separator}FUNCTION{Separator}{LineKind}, {RangeKind} or {BranchKind}{Separator}REASON{Separator}TEXT OF THE LINE'");
        if (fields[2] != RangeKind)
            return new UnreachableEntry(place, file, function, fields[2] == BranchKind, reason, text);
        return text.Split(To, StringSplitOptions.TrimEntries) is [{ Length: > 0 } first, { Length: > 0 } last]
            ? new UnreachableEntry(place, file, function, false, reason, first, last)
            : throw new OptionException(option, $"{place}: expected 'FIRST LINE{To}LAST LINE' behind the reason");
    }

    /// <summary>Those of a function's lines, in their order, that it is about.</summary>
    internal IReadOnlyList<LineReport> Fitting(IReadOnlyList<LineReport> lines, Func<int, string> textOf)
    {
        List<LineReport> own = [.. lines.Where(line => line.Function == Function).OrderBy(line => line.Number)];
        if (LastText is null)
            return [.. own.Where(line => textOf(line.Number) == Text)];
        int first = own.FindIndex(line => textOf(line.Number) == Text);
        int last = own.FindLastIndex(line => textOf(line.Number) == LastText);
        return first < 0 || last < first ? [] : own[first..(last + 1)];
    }
}
