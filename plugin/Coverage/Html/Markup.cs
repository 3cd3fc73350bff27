using System.Globalization;
using System.Net;
using RenodeUvmem.Coverage.Report;

namespace RenodeUvmem.Coverage.Html;

/// <summary>Pieces that all pages are made of. Pages are HTML and well-formed XML at the same time, and need no other file.</summary>
internal static class Markup
{
    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>Text with what has a meaning in markup escaped.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A whole page.</summary>
    /// <param name="title">Title, as text.</param>
    /// <param name="body">What stands in the body, as markup.</param>
    public static string Page(string title, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{Escape(title)}</title>
        <style>
        {Style}</style>
        <script>
        {Script}</script>
        </head>
        <body>
        {body}</body>
        </html>

        """;

    /// <summary>A bar that is filled as far as something was reached.</summary>
    public static string Bar(Tally tally, string kind = "") =>
        tally.Total == 0
            ? "<span class=\"bar none\"></span>"
            : string.Create(CultureInfo.InvariantCulture, $"<span class=\"bar {kind}\"><i style=\"width:{tally.Percent:F1}%\"></i></span>");

    /// <summary>Name, bar and figures.</summary>
    public static string Figures(string name, Tally tally, string kind = "") =>
        $"<span class=\"tally\">{name} {Bar(tally, kind)} <b>{(tally.Total == 0 ? "–" : $"{tally.PercentText}</b> <span>{tally}</span><b>")}</b></span>";

    /// <summary>A path with its folder in a softer colour.</summary>
    public static string PathText(string path)
    {
        int slash = path.LastIndexOf('/') + 1;
        return $"<span class=\"folder\">{Escape(path[..slash])}</span>{Escape(path[slash..])}";
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(Markup).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not part of this assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
