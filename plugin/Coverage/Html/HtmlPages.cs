using System.Text;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Html;

/// <summary>A report as pages: index.html and one for each file.</summary>
public static class HtmlPages
{
    /// <summary>Name of the page that leads to the others.</summary>
    public const string Index = "index.html";

    /// <summary>Writes them.</summary>
    /// <param name="option">Option that named the folder.</param>
    /// <param name="folder">Where; it is made if it is not there.</param>
    /// <param name="report">What ran.</param>
    /// <exception cref="OptionException">They can't be written.</exception>
    public static void Write(string option, string folder, CoverageReport report)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (FileReport file in report.Files)
                Write(folder, NameOf(file), FilePage.Of(file));
            Write(folder, Index, IndexPage.Of(report, NameOf));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(option, $"can't write to {folder}: {e.Message}");
        }
    }

    private static void Write(string folder, string name, string page) => File.WriteAllText(Path.Combine(folder, name), page, new UTF8Encoding(false));

    private static string NameOf(FileReport file) => file.Path.Replace('/', '.') + ".html";
}
