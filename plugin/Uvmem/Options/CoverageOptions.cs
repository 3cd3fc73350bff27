using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Uvmem.Options;

/// <summary>What <c>uvmem coverage</c> was told.</summary>
internal sealed class CoverageOptions
{
    // The cross toolchain that scripts/setup.sh installs.
    private const string DefaultTools = "powerpc64le-linux-gnu-";

    public CoverageOptions()
    {
        Table =
        [
            new("--debug-info", OptionArgument.Required, "FILE", "The kernel that ran with debug information; ./scripts/coverage.sh builds one.", v => DebugInfo = v),
            new("--source", OptionArgument.Required, "DIR", "The kernel's source. Without it: where the debug information says it was.", v => Source = v),
            new("--files", OptionArgument.Required, "PATH,PATH", "Source files to report, by path in the kernel's tree or the end of one. Without it: uvmem and the ways in and out of guests and ultravisor.", v => Files = v!.Split(',', StringSplitOptions.RemoveEmptyEntries)),
            new("--unreachable", OptionArgument.Required, "FILE", "Lines that can't run, with reasons, such as tests/Boot.Tests/unreachable.txt.", v => Unreachable = v),
            new("--html", OptionArgument.Required, "DIR", "Write annotated source as pages, too: DIR/index.html.", v => Html = v),
            new("--merge", OptionArgument.Required, "FILE", "Write what all files have together to FILE.", v => Merge = v),
            new("--tools", OptionArgument.Required, "PREFIX", $"What stands before the names objdump and addr2line of binutils that know PowerPC, without it {DefaultTools}", v => Tools = v!),
        ];
    }

    public IReadOnlyList<Option> Table { get; }

    /// <summary>Files that <c>uvmem boot --coverage</c> wrote.</summary>
    public IReadOnlyList<string> Recorded { get; private set; } = [];

    public string? DebugInfo { get; private set; }

    public string? Source { get; private set; }

    public IReadOnlyList<string> Files { get; private set; } = CoverageReport.DefaultFiles;

    public string? Unreachable { get; private set; }

    public string? Html { get; private set; }

    public string? Merge { get; private set; }

    public string Tools { get; private set; } = DefaultTools;

    /// <summary>Reads the words behind <c>uvmem coverage</c>: files, then options.</summary>
    /// <exception cref="OptionException">Something is wrong with them.</exception>
    public static CoverageOptions Parse(ReadOnlySpan<string> words)
    {
        int count = 0;
        while (count < words.Length && !words[count].StartsWith("--", StringComparison.Ordinal))
            count++;
        var options = new CoverageOptions { Recorded = words[..count].ToArray() };
        OptionParser.Parse(words[count..], options.Table);
        if (count == 0)
            throw new OptionException("coverage", "expected files that uvmem boot --coverage wrote, before all options");
        if (options.DebugInfo is null && (options.Merge is null || options.Html is not null))
            throw new OptionException("--debug-info", "expected, with the kernel built with -g; ./scripts/coverage.sh makes one");
        return options;
    }
}
