using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Uvmem.Options;
using RenodeUvmem.Uvmem.Reporting;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem report</c>: a page from a record of <c>uvmem boot --events</c>.</summary>
internal static class ReportCommand
{
    private const string OutOption = "-o";

    /// <summary>Writes the page.</summary>
    /// <exception cref="OptionException">The options can't be met, or the file is no record.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        string? to = null;
        string? title = null;
        string from = words.Length != 0 && !words[0].StartsWith('-') ? words[0] : throw new OptionException("report", "expected the file that uvmem boot --events wrote");
        OptionParser.Parse(
            words[1..],
            [
                new(OutOption, OptionArgument.Required, "FILE", "", v => to = v),
                new("--title", OptionArgument.Required, "TEXT", "", v => title = v),
            ]);
        byte[] page;
        try
        {
            page = HtmlReport.Make(Read(from), title ?? Path.GetFileName(from));
        }
        catch (InvalidDataException e)
        {
            throw new OptionException(from, $"can't be read as a record of events: {e.Message}");
        }

        using var files = new OutputFiles();
        Stream stream = files.Create(OutOption, to ?? Path.ChangeExtension(from, ".html"));
        files.Keep();
        stream.Write(page);
        return ExitCode.Done;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(path, $"can't be read: {e.Message}");
        }
    }
}
