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
    private const string Command = "coverage";

    // The cross toolchain that scripts/setup.sh installs.
    private const string DefaultTools = "powerpc64le-linux-gnu-";

    /// <summary>Merges files and writes reports.</summary>
    /// <exception cref="OptionException">The options can't be met.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        int count = 0;
        while (count < words.Length && !words[count].StartsWith("--", StringComparison.Ordinal))
            count++;
        string? debugInfo = null;
        string? source = null;
        string? html = null;
        string? merged = null;
        string? unreachable = null;
        string tools = DefaultTools;
        IReadOnlyList<string> paths = CoverageReport.DefaultFiles;
        OptionParser.Parse(
            words[count..],
            [
                new("--debug-info", OptionArgument.Required, "FILE", "", v => debugInfo = v),
                new("--source", OptionArgument.Required, "DIR", "", v => source = v),
                new("--html", OptionArgument.Required, "DIR", "", v => html = v),
                new("--files", OptionArgument.Required, "FILE,FILE", "", v => paths = v!.Split(',', StringSplitOptions.RemoveEmptyEntries)),
                new("--unreachable", OptionArgument.Required, "FILE", "", v => unreachable = v),
                new("--merge", OptionArgument.Required, "FILE", "", v => merged = v),
                new("--tools", OptionArgument.Required, "PREFIX", "", v => tools = v!),
            ]);
        if (debugInfo is null && (merged is null || html is not null))
            throw new OptionException("--debug-info", "expected, with the kernel's vmlinux built with -g; scripts/coverage.sh makes one");
        CoverageData data = Merge(words[..count]);
        if (merged is not null)
            WriteMerged(merged, data);
        if (debugInfo is null)
            return ExitCode.Done;

        var code = KernelCode.Read("--debug-info", debugInfo);
        if (!code.Identity.AsSpan().SequenceEqual(data.Identity))
            throw new OptionException("--debug-info", $"{debugInfo} does not have the code of the kernel that ran");
        UnreachableLines lines = unreachable is null ? UnreachableLines.None : UnreachableLines.Read("--unreachable", unreachable);
        var report = CoverageReport.Make(data, code, new DebugTools(tools, debugInfo), paths, new SourceTree(source), lines);
        TextReport.Write(Console.Out, report);
        if (html is not null)
            HtmlPages.Write("--html", html, report);
        return ExitCode.Done;
    }

    private static CoverageData Merge(ReadOnlySpan<string> files)
    {
        CoverageData? sum = null;
        foreach (string file in files)
        {
            CoverageData data = CoverageFile.Read(Command, file);
            if (sum is null)
                sum = data;
            else if (!sum.TryAdd(data))
                throw new OptionException(Command, $"{file} is about another kernel than {files[0]}");
        }

        return sum ?? throw new OptionException(Command, "expected files that uvmem boot --coverage wrote");
    }

    private static void WriteMerged(string path, CoverageData data)
    {
        using var files = new OutputFiles();
        Stream file = files.Create("--merge", path);
        files.Keep();
        CoverageFile.Write(file, data);
    }
}
