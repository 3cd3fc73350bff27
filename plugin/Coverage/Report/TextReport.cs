using System.Globalization;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Report;

/// <summary>A report as text: figures by file, functions, and what is missing.</summary>
public static class TextReport
{
    /// <summary>Writes it.</summary>
    public static void Write(TextWriter to, CoverageReport report)
    {
        to.WriteLine($"{"lines",-20}{"branch ways",-20}file");
        foreach (FileReport file in report.Files)
            to.WriteLine($"{Text(file.Executed),-20}{Text(file.Ways),-20}{file.Path}");
        to.WriteLine($"{Text(report.Executed),-20}{Text(report.Ways),-20}all");
        foreach (FileReport file in report.Files)
            WriteFile(to, file);
    }

    private static void WriteFile(TextWriter to, FileReport file)
    {
        to.WriteLine();
        to.WriteLine(file.Path);
        to.WriteLine($"  {"lines",-18}{"branch ways",-18}function");
        foreach (FunctionReport function in file.Functions)
            to.WriteLine($"  {Text(function.Executed),-18}{Text(function.Ways),-18}{function.Name}");
        WriteLines(to, file, "lines that did not run", line => line.Counts && !line.Ran, _ => "");
        WriteLines(to, file, "lines with branches that went one way only", line => line.Ran && line.WaysGone < line.Ways, Missing);
        WriteLines(to, file, "unreachable", line => !line.Counts, line => line.Unreachable!);
        WriteLines(to, file, "branches with unreachable ways", line => line.UnreachableWays is not null, line => line.UnreachableWays!);
    }

    private static void WriteLines(TextWriter to, FileReport file, string title, Func<LineReport, bool> which, Func<LineReport, string> remark)
    {
        LineReport[] lines = [.. file.Lines.Where(which)];
        if (lines.Length == 0)
            return;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {title}: {lines.Length}"));
        foreach (IGrouping<string, LineReport> function in lines.GroupBy(line => line.Function))
        {
            to.WriteLine($"    {function.Key}");
            foreach (LineReport line in function)
            {
                string note = remark(line);
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {line.Number,5}  {file.TextOf(line.Number)}{(note.Length == 0 ? "" : $"   [{note}]")}"));
            }
        }
    }

    /// <summary>What the branches of a line did not do.</summary>
    internal static string Missing(LineReport line)
    {
        IEnumerable<string> missing = line.Branches.Select(branch => branch.Ways switch
        {
            CoverageBits.None => "never reached",
            CoverageBits.Next => "never taken",
            CoverageBits.Elsewhere => "always taken",
            _ => "",
        });
        return string.Join(", ", missing
            .Where(text => text.Length != 0)
            .GroupBy(text => text)
            .Select(group => line.Branches.Count == 1 ? group.Key : string.Create(CultureInfo.InvariantCulture, $"{group.Count()} of {line.Branches.Count} {group.Key}")));
    }

    private static string Text(Tally tally) => tally.Total == 0 ? "-" : $"{tally} {tally.PercentText}";
}
