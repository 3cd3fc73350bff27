using System.Net;
using System.Text;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>A table of a page; all texts are escaped.</summary>
internal sealed class HtmlTable
{
    private readonly StringBuilder html = new();
    private readonly bool[] numeric;

    /// <summary>Begins one.</summary>
    /// <param name="id">For links and tests.</param>
    /// <param name="heads">Heads; one that begins with # is over numbers, which stand to the right.</param>
    public HtmlTable(string id, params string[] heads)
    {
        numeric = [.. heads.Select(head => head.StartsWith('#'))];
        html.Append("<div class=\"scroll\"><table id=\"").Append(id).Append("\">\n<thead><tr>");
        for (int n = 0; n < heads.Length; n++)
            html.Append(numeric[n] ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(Text(heads[n].TrimStart('#'))).Append("</th>");
        html.Append("</tr></thead>\n<tbody>\n");
    }

    /// <summary>Adds a row; a cell may be a text or <see cref="Html"/>.</summary>
    public HtmlTable Add(params object[] cells)
    {
        html.Append("<tr>");
        for (int n = 0; n < cells.Length; n++)
            html.Append(numeric[n] ? "<td class=\"n\">" : "<td>").Append(cells[n] is Html part ? part.Markup : Text(cells[n].ToString()!)).Append("</td>");
        html.Append("</tr>\n");
        return this;
    }

    /// <summary>The element.</summary>
    public string Close() => html.Append("</tbody></table></div>\n").ToString();

    /// <summary>A text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A moment that a click goes to.</summary>
    public static Html Moment(ulong ticks, string text) => new($"<button type=\"button\" class=\"moment\" data-ticks=\"{ticks}\">{Text(text)}</button>");

    /// <summary>Markup for a cell.</summary>
    public readonly record struct Html(string Markup);
}
