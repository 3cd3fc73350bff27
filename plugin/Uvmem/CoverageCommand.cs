using RenodeUvmem.Coverage.Html;
using RenodeUvmem.Coverage.Lines;
using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem coverage</c>: what ran of a kernel, by source lines.</summary>
internal static class CoverageCommand
{
    /// <summary>Merges files and writes reports.</summary>
    /// <exception cref="OptionException">The options can't be met.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        var options = CoverageOptions.Parse(words);
        CoverageData data = Merge(options.Recorded);
        if (options.Merge is not null)
            WriteMerged(options.Merge, data);
        if (options.DebugInfo is not null)
            Report(options, data, options.DebugInfo);
        return ExitCode.Done;
    }

    private static void Report(CoverageOptions options, CoverageData data, string debugInfo)
    {
        var code = KernelCode.Read("--debug-info", debugInfo);
        if (!code.Identity.AsSpan().SequenceEqual(data.Identity))
            throw new OptionException("--debug-info", $"{debugInfo} does not have the code of the kernel that ran");
        UnreachableLines unreachable = options.Unreachable is { } list ? UnreachableLines.Read("--unreachable", list) : UnreachableLines.None;
        var report = CoverageReport.Make(data, code, new DebugTools(options.Tools, debugInfo), options.Files, new SourceTree(options.Source), unreachable);
        TextReport.Write(Console.Out, report);
        if (options.Html is not null)
            HtmlPages.Write("--html", options.Html, report);
    }

    private static CoverageData Merge(IReadOnlyList<string> files)
    {
        const string Option = "coverage";
        CoverageData sum = CoverageFile.Read(Option, files[0]);
        foreach (string file in files.Skip(1))
        {
            if (!sum.TryAdd(CoverageFile.Read(Option, file)))
                throw new OptionException(Option, $"{file} is about another kernel than {files[0]}");
        }

        return sum;
    }

    private static void WriteMerged(string path, CoverageData data)
    {
        using var files = new OutputFiles();
        Stream file = files.Create("--merge", path);
        files.Keep();
        CoverageFile.Write(file, data);
    }
}
