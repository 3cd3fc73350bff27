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
        ILookup<string, LineRow> rows = tools.Lines(unit => PathOf(unit) is not null).ToLookup(row => PathOf(row.Unit)!);
        var files = new List<FileReport>();
        foreach (string path in paths.Distinct())
        {
            string compiled = rows[path].FirstOrDefault().Unit
                ?? throw new OptionException("--files", $"the kernel has no code from {path}; expected a path in its source tree, such as {DefaultFiles[0]}");
            var lines = new LineTable(LineSpan.Of(rows[path]).Where(span => code.Contains(span.Start)), tools, compiled);
            files.Add(new FileReport(path, source.Read(path, compiled), lines.Lines.Select(line => ReportOf(line, data, code))));
        }

        return new CoverageReport(unreachable.Apply(files));
    }

    private static LineReport ReportOf(SourceLine line, CoverageData data, KernelCode code)
    {
        Worlds worlds = Worlds.None;
        foreach (ulong address in line.Starts)
        {
            ulong start = code.EntryOf(address);
            if (data.At(start, lpid => lpid == 0) != CoverageBits.None)
                worlds |= Worlds.Hypervisor;
            if (data.At(start, lpid => lpid != 0) != CoverageBits.None)
                worlds |= Worlds.Guest;
        }

        IEnumerable<ulong> branches = line.Instructions.Where(address => BranchReport.IsConditional(code.WordAt(address)));
        return new LineReport(line.Number, line.Function, worlds, [.. branches.Select(address => new BranchReport(address, data.At(address, _ => true)))]);
    }
}
