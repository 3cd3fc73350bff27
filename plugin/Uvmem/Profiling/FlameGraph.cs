using System.Globalization;
using System.Security;
using System.Text;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>
/// A picture (SVG): who spends how much, callers above what they call, wide is much. One part for the guests' instructions, one for the host's time. Each frame has a title; in a
/// browser a click on one widens it.
/// </summary>
internal sealed class FlameGraph : ProfileForm
{
    private const int Width = 1280;
    private const int Margin = 16;
    private const int Inner = Width - (2 * Margin);
    private const int RowHeight = 18;
    private const int TitleHeight = 34;
    private const int LegendHeight = 26;
    private const int HeadHeight = 30;

    // Narrower frames are left out; what they hold still counts above.
    private const double Narrowest = 0.35;

    private readonly StringBuilder text = new();

    public override void Write(Profile profile, string title, Stream stream)
    {
        FlameSection[] sections =
        [
            .. new[] { FlameSection.Of(profile, ProfileTrack.Instructions), FlameSection.Of(profile, ProfileTrack.Milliseconds) }.Where(section => section.Total > 0),
        ];
        foreach (FlameSection section in sections)
            section.Prune(Narrowest / Inner);
        int height = TitleHeight + LegendHeight + sections.Sum(section => HeadHeight + (section.Depth * RowHeight)) + Margin;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"Verdana, DejaVu Sans, sans-serif\" font-size=\"11\">");
        text.Append("<style>").Append(Resource("flame.css")).AppendLine("</style>");
        Line($"<rect class=\"paper\" width=\"{Width}\" height=\"{height}\"/>");
        Line($"<text x=\"{Margin}\" y=\"24\" class=\"title\">{Escape(title)}</text>");
        AppendLegend(sections);
        int y = TitleHeight + LegendHeight;
        foreach (FlameSection section in sections)
        {
            Line($"<text x=\"{Margin}\" y=\"{y + 20}\" class=\"head\">{Escape(section.Head)}</text>");
            y += HeadHeight;
            Line($"<g class=\"section\" transform=\"translate({Margin} {y})\" data-width=\"{Inner}\">");
            Append(section, section.Root, 0, 0);
            text.AppendLine("</g>");
            y += section.Depth * RowHeight;
        }

        text.Append("<script><![CDATA[").Append(Resource("flame.js")).AppendLine("]]></script>");
        text.AppendLine("</svg>");
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void AppendLegend(FlameSection[] sections)
    {
        int x = Margin;
        foreach (CodeOwner owner in sections.SelectMany(section => section.Owners).Distinct().Order())
        {
            Line($"<rect x=\"{x}\" y=\"{TitleHeight + 4}\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{FlameColors.Of(owner, "")}\"/>");
            Line($"<text x=\"{x + 17}\" y=\"{TitleHeight + 14}\">{owner.Name()}</text>");
            x += 40 + (owner.Name().Length * 7);
        }
    }

    // Left edge and widths in parts of the whole.
    private void Append(FlameSection section, FlameNode node, double left, int depth)
    {
        double part = node.Weight / section.Total;
        double width = part * Inner;
        if (node.Frame is { } frame)
        {
            string title = $"{frame.Name} ({frame.Owner.Name()})\n{section.Amount(node.Weight)}, {Percent(part)} of all, {Percent(node.Self / section.Total)} here itself";
            Line($"<g class=\"f\" data-x=\"{left:F6}\" data-w=\"{part:F6}\" data-d=\"{depth}\" data-n=\"{Escape(frame.Name)}\"><title>{Escape(title)}</title>");
            Line($"<rect x=\"{left * Inner:F2}\" y=\"{depth * RowHeight}\" width=\"{Math.Max(width - 0.5, 0.3):F2}\" height=\"{RowHeight - 1}\" rx=\"1.5\" fill=\"{FlameColors.Of(frame.Owner, frame.Name)}\"/>");
            if (Fitting(frame.Name, width) is { Length: > 0 } label)
                Line($"<text x=\"{(left * Inner) + 4:F2}\" y=\"{(depth * RowHeight) + 12.5}\">{Escape(label)}</text>");
            text.AppendLine("</g>");
            depth++;
        }

        foreach (FlameNode child in node.Children)
        {
            Append(section, child, left, depth);
            left += child.Weight / section.Total;
        }
    }

    private static string Fitting(string name, double width)
    {
        const double CharacterWidth = 6.5;
        int fits = (int)((width - 7) / CharacterWidth);
        return fits >= name.Length ? name : fits >= 4 ? name[..(fits - 1)] + "…" : "";
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(FlameGraph).Assembly.GetManifestResourceStream("Picture." + name) ?? throw new InvalidOperationException($"{name} was not built in");
        return new StreamReader(stream).ReadToEnd();
    }

    private static string Percent(double part) => part.ToString(part < 0.1 ? "0.00 %" : "0.0 %", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);

    private void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
