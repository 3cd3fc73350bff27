using System.Globalization;
using System.Text;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Html;

/// <summary>The page of a source file: functions on the left, the text with marks on the right.</summary>
internal static class FilePage
{
    private const string Filters =
        """
        <button data-filter="" aria-pressed="true">all lines</button>
        <button data-filter="miss part" aria-pressed="false">missing</button>
        <button data-filter="miss" aria-pressed="false">did not run</button>
        <button data-filter="part" aria-pressed="false">branches missing</button>
        <button data-filter="dead" aria-pressed="false">unreachable</button>
        <span class="space"></span>
        <button id="previous" title="previous missing line (p)">↑</button>
        <button id="next" title="next missing line (n)">↓</button>
        """;

    private const string Legend =
        """
        <div class="legend">
        <span><i style="background:var(--ran)"></i>ran</span>
        <span><i style="background:var(--part)"></i>ran, a branch never went one of its ways</span>
        <span><i style="background:var(--miss)"></i>did not run</span>
        <span><i style="background:var(--dead)"></i>can't run</span>
        <span><b>H</b> in the hypervisor, <b>G</b> in a guest</span>
        <span>2/4: ways that its branch instructions went</span>
        </div>
        """;

    /// <summary>The page.</summary>
    public static string Of(FileReport file)
    {
        int unreachable = file.Lines.Count(line => !line.Counts);
        var body = new StringBuilder();
        body.Append(
            $"""
            <header>
            <div class="title"><a href="index.html">← all files</a><h1>{Markup.PathText(file.Path)}</h1><span class="space"></span><button id="theme" title="light or dark">◐</button></div>
            <div class="tallies">{Markup.Figures("lines", file.Executed)}{Markup.Figures("branch ways", file.Ways, "ways")}{(unreachable == 0 ? "" : $"<span class=\"tally\">{unreachable} unreachable</span>")}</div>
            <div class="tools">
            {Filters}
            </div>
            </header>
            <main>
            <div class="page">
            <nav class="panel">
            <h2>Functions</h2>

            """);
        foreach (FunctionReport function in file.Functions)
            body.Append(CultureInfo.InvariantCulture, $"<a href=\"#L{function.Lines[0].Number}\" title=\"{Markup.Escape(function.Name)}: lines {function.Executed}, branch ways {function.Ways}\"><span>{Markup.Escape(function.Name)}</span>{Markup.Bar(function.Executed)}<span class=\"n\">{function.Executed}</span></a>\n");
        body.Append(
            $"""
            </nav>
            <div>
            {Legend}
            <div class="panel source">
            <table class="code">

            """);
        var text = new SourceText();
        for (int n = 1; n <= file.Text.Count; n++)
            AppendLine(body, n, text.Line(file.Text[n - 1]), file.Find(n));
        body.Append("</table>\n</div>\n</div>\n</div>\n</main>\n");
        AppendMap(body, file);
        return Markup.Page(file.Path, body.ToString());
    }

    private static void AppendLine(StringBuilder body, int number, string code, LineReport? line)
    {
        body.Append(CultureInfo.InvariantCulture, $"<tr id=\"L{number}\"{(line is null ? "" : $" class=\"{Kind(line)}\"")}><td class=\"l\"><a href=\"#L{number}\">{number}</a></td>");
        if (line is null)
        {
            body.Append(CultureInfo.InvariantCulture, $"<td></td><td></td><td class=\"c\">{code}</td></tr>\n");
            return;
        }

        string branches = line.Branches.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{line.WaysGone}/{line.Branches.Count * BranchReport.WayCount}");
        string reason = line.Unreachable ?? line.UnreachableWays ?? "";
        body.Append(CultureInfo.InvariantCulture, $"<td class=\"w\">{World("H", line, Worlds.Hypervisor)}{World("G", line, Worlds.Guest)}</td>");
        body.Append(CultureInfo.InvariantCulture, $"<td class=\"b\"{(branches.Length == 0 ? "" : $" title=\"{Ways(line)}\"")}>{branches}</td>");
        body.Append(CultureInfo.InvariantCulture, $"<td class=\"c\">{code}{(reason.Length == 0 ? "" : $"   <span class=\"why\">— {Markup.Escape(reason)}</span>")}</td></tr>\n");
    }

    private static string Kind(LineReport line)
    {
        if (!line.Counts)
            return "dead";
        if (!line.Ran)
            return "miss";
        return line.WaysGone < line.Ways ? "part" : "ran";
    }

    private static string World(string letter, LineReport line, Worlds world) => line.RanIn.HasFlag(world) ? $"<b class=\"on\">{letter}</b>" : "<b>·</b>";

    // A line for each branch instruction.
    private static string Ways(LineReport line) => string.Join("&#10;", line.Branches.Select(branch => string.Create(CultureInfo.InvariantCulture, $"0x{branch.Address:x}: {Text(branch.Ways)}")));

    private static string Text(CoverageBits ways) => ways switch
    {
        CoverageBits.None => "never reached",
        CoverageBits.Next => "never taken",
        CoverageBits.Elsewhere => "always taken",
        _ => "both ways",
    };

    // Marks at the right edge, over the whole height: where something is missing.
    private static void AppendMap(StringBuilder body, FileReport file)
    {
        body.Append("<div class=\"map\">\n");
        foreach (LineReport line in file.Lines)
        {
            if (Kind(line) is not "ran" and string kind)
                body.Append(CultureInfo.InvariantCulture, $"<a class=\"{kind}\" href=\"#L{line.Number}\" title=\"line {line.Number}\" style=\"top:{100.0 * line.Number / file.Text.Count:F2}%\"></a>\n");
        }

        body.Append("</div>\n");
    }
}
