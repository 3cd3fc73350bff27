using RenodeUvmem.Coverage.Lines;
using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Report;

/// <summary>What ran, by source files.</summary>
public sealed class CoverageReport
{
    private CoverageReport(IReadOnlyList<FileReport> files) => Files = files;

    /// <summary>What a report is about if nothing else is asked for: uvmem and the ways in and out of guests and ultravisor, in Linux 6.1.</summary>
    public static IReadOnlyList<string> DefaultFiles { get; } =
    [
        "arch/powerpc/kvm/book3s_hv_uvmem.c",
        "arch/powerpc/platforms/powernv/ultravisor.c",
        "arch/powerpc/kernel/ucall.S",
        "arch/powerpc/platforms/pseries/svm.c",
        "arch/powerpc/kvm/book3s_64_entry.S",
        "arch/powerpc/kvm/book3s_hv_p9_entry.c",
    ];

    /// <summary>The files, in the order they were asked for.</summary>
    public IReadOnlyList<FileReport> Files { get; }

    /// <summary>Lines that ran.</summary>
    public Tally Executed => Files.Aggregate(default(Tally), (sum, file) => sum + file.Executed);

    /// <summary>Ways of branches that were gone.</summary>
    public Tally Ways => Files.Aggregate(default(Tally), (sum, file) => sum + file.Ways);

    /// <summary>Maps what ran to lines.</summary>
    /// <param name="data">What ran.</param>
    /// <param name="code">The kernel's code.</param>
    /// <param name="tools">Its debug information.</param>
    /// <param name="paths">Files by path in the kernel's tree, or the end of one.</param>
    /// <param name="source">Their text.</param>
    /// <param name="unreachable">Lines that can't run.</param>
    /// <exception cref="OptionException">A file is not there or has no code, or an entry of the unreachable lines is wrong.</exception>
    public static CoverageReport Make(CoverageData data, KernelCode code, DebugTools tools, IReadOnlyList<string> paths, SourceTree source, UnreachableLines unreachable)
    {
        string? PathOf(string file) => paths.FirstOrDefault(path => file == path || file.EndsWith("/" + path, StringComparison.Ordinal));
        ILookup<string, LineSpan> spans = LineSpan.Of(tools.Lines(file => PathOf(file) is not null))
            .Where(span => span.Start >= code.Start && span.End <= code.Start + (ulong)code.Bytes.Length)
            .ToLookup(span => PathOf(span.File)!);
        var files = new List<FileReport>();
        foreach (string path in paths.Distinct())
        {
            LineSpan[] own = [.. spans[path]];
            if (own.Length == 0)
                throw new OptionException("--files", $"the kernel has no code from {path}; expected a path in its source tree, such as {DefaultFiles[0]}");
            files.Add(new FileReport(path, source.Read(path, own[0].File), LinesOf(own, data, code, tools)));
        }

        return new CoverageReport(unreachable.Apply(files));
    }

    private static IEnumerable<LineReport> LinesOf(LineSpan[] spans, CoverageData data, KernelCode code, DebugTools tools)
    {
        IGrouping<int, LineSpan>[] lines = [.. spans.GroupBy(span => span.Line).Where(line => line.Any(span => span.End > span.Start))];
        IReadOnlyList<(string Function, string File, int Line)> places = tools.Places([.. lines.Select(line => line.First(span => span.End > span.Start).Start)]);
        return lines.Zip(places, (line, place) => new LineReport(line.Key, place.Function, RanIn([.. line], data, code), [.. BranchesOf(line, data, code)]));
    }

    // A line ran if one of its statements began; instructions that were moved out of it do not count, unless it has nothing else.
    private static Worlds RanIn(LineSpan[] line, CoverageData data, KernelCode code)
    {
        LineSpan[] starts = [.. line.Where(span => span.IsStatement)];
        Worlds worlds = Worlds.None;
        foreach (LineSpan span in starts.Length == 0 ? line : starts)
        {
            ulong start = code.EntryOf(span.Start);
            if (data.At(start, lpid => lpid == 0) != CoverageBits.None)
                worlds |= Worlds.Hypervisor;
            if (data.At(start, lpid => lpid != 0) != CoverageBits.None)
                worlds |= Worlds.Guest;
        }

        return worlds;
    }

    private static IEnumerable<BranchReport> BranchesOf(IEnumerable<LineSpan> line, CoverageData data, KernelCode code)
    {
        foreach (LineSpan span in line.OrderBy(span => span.Start))
        {
            for (ulong address = span.Start; address < span.End; address += sizeof(uint))
            {
                if (BranchReport.IsConditional(code.WordAt(address)))
                    yield return new BranchReport(address, data.At(address, _ => true));
            }
        }
    }
}
