using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Report;

/// <summary>
/// Lines and ways of branches that nothing can reach, with reasons, from a list that people keep. A list that is not right any more is an error: an entry that no line fits, or one
/// whose line ran after all.
/// </summary>
public sealed class UnreachableLines
{
    private const char Comment = '#';

    private readonly string option;
    private readonly UnreachableEntry[] entries;

    private UnreachableLines(string option, UnreachableEntry[] entries)
    {
        this.option = option;
        this.entries = entries;
    }

    /// <summary>An empty list.</summary>
    public static UnreachableLines None { get; } = new("", []);

    /// <summary>Reads a list: an entry a line, see <see cref="UnreachableEntry.Parse"/>; empty lines and those that begin with # are for people.</summary>
    /// <exception cref="OptionException">It can't be read, or a line is no entry.</exception>
    public static UnreachableLines Read(string option, string path)
    {
        try
        {
            return Parse(option, path, File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(option, $"can't read {path}: {e.Message}");
        }
    }

    /// <summary>The same of lines that were read.</summary>
    public static UnreachableLines Parse(string option, string name, IReadOnlyList<string> lines)
    {
        var entries = new List<UnreachableEntry>();
        for (int n = 0; n < lines.Count; n++)
        {
            string line = lines[n].Trim();
            if (line.Length != 0 && line[0] != Comment)
                entries.Add(UnreachableEntry.Parse(option, $"{name}:{n + 1}", line));
        }

        return new UnreachableLines(option, [.. entries]);
    }

    /// <summary>The files with reasons in their lines. Entries for other files are left alone.</summary>
    /// <exception cref="OptionException">An entry is wrong.</exception>
    internal IReadOnlyList<FileReport> Apply(IReadOnlyList<FileReport> files) => [.. files.Select(Apply)];

    private FileReport Apply(FileReport file)
    {
        UnreachableEntry[] own = [.. entries.Where(entry => entry.File == file.Path)];
        if (own.Length == 0)
            return file;
        var lines = file.Lines.ToDictionary(line => line.Number);
        foreach (UnreachableEntry entry in own)
        {
            IReadOnlyList<LineReport> fitting = entry.Fitting([.. lines.Values], file.TextOf);
            if (fitting.Count == 0)
                throw new OptionException(option, $"{entry.Place}: no line of {entry.Function} with code is '{entry.Text}'" + (entry.LastText is { } last ? $", with '{last}' behind it" : ""));
            foreach (LineReport line in fitting)
                lines[line.Number] = Apply(line, entry);
        }

        return new FileReport(file.Path, file.Text, lines.Values);
    }

    private LineReport Apply(LineReport line, UnreachableEntry entry)
    {
        if (!entry.WaysOnly)
            return line.Ran ? throw new OptionException(option, $"{entry.Place}: line {line.Number} ran: {entry.Text}") : line with { Unreachable = entry.Reason };
        return line.WaysGone == line.Ways
            ? throw new OptionException(option, $"{entry.Place}: the branches of line {line.Number} went all ways: {entry.Text}")
            : line with { UnreachableWays = entry.Reason };
    }
}
