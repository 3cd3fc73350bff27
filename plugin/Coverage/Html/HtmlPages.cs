using RenodeUvmem.Coverage.Report;

namespace RenodeUvmem.Coverage.Html;

/// <summary>Temporary.</summary>
public static class HtmlPages
{
    public static void Write(string option, string folder, CoverageReport report) { }
}
