using System.Globalization;
using System.Text;
using RenodeUvmem.Coverage.Report;

namespace RenodeUvmem.Coverage.Html;

/// <summary>The page that leads to those of the files.</summary>
internal static class IndexPage
{
    private const string Remarks =
        """
        <footer>
        A line ran if one of its statements began to execute, as the kernel's line table has them; instructions that the compiler moved away from it do not count.
        Branch ways are those of conditional branch instructions: a function that is inlined in several places has its branches in each of them.
        What can't run is listed with reasons and does not count.
        </footer>
        """;

    /// <summary>The page.</summary>
    /// <param name="report">What ran.</param>
    /// <param name="pageOf">Name of a file's page.</param>
    public static string Of(CoverageReport report, Func<FileReport, string> pageOf)
    {
        var body = new StringBuilder();
        body.Append(
            $"""
            <header>
            <div class="title"><h1>What ran of the kernel</h1><span class="space"></span><button id="theme" title="light or dark">◐</button></div>
            <div class="tallies">{Markup.Figures("lines", report.Executed)}{Markup.Figures("branch ways", report.Ways, "ways")}</div>
            </header>
            <main>
            <div class="panel">
            <table class="files">
            <tr><th>file</th><th>lines</th><th class="n">ran</th><th>branch ways</th><th class="n">gone</th><th class="n">hypervisor</th><th class="n">guests</th><th class="n">unreachable</th></tr>

            """);
        foreach (FileReport file in report.Files)
        {
            body.Append("<tr><td><a href=\"").Append(Markup.Escape(pageOf(file))).Append("\">").Append(Markup.PathText(file.Path)).Append("</a></td>");
            AppendFigures(body, file.Executed, "");
            AppendFigures(body, file.Ways, "ways");
            AppendCount(body, file.Lines.Count(line => line.RanIn.HasFlag(Worlds.Hypervisor)));
            AppendCount(body, file.Lines.Count(line => line.RanIn.HasFlag(Worlds.Guest)));
            AppendCount(body, file.Lines.Count(line => !line.Counts));
            body.Append("</tr>\n");
        }

        body.Append("</table>\n</div>\n").Append(Remarks).Append("</main>\n");
        return Markup.Page("What ran of the kernel", body.ToString());
    }

    private static void AppendFigures(StringBuilder body, Tally tally, string kind) =>
        body.Append("<td>").Append(Markup.Bar(tally, kind)).Append(tally.Total == 0 ? "–" : tally.PercentText).Append("</td><td class=\"n\">").Append(tally.Total == 0 ? "–" : tally.ToString()).Append("</td>");

    private static void AppendCount(StringBuilder body, int count) => body.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{(count == 0 ? "–" : count)}</td>");
}
