using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Reports;

/// <summary>The page about the secure story has in it what the log of the same run has.</summary>
public sealed partial class ReportTests
{
    private readonly ProgramRun run = ProgramRuns.Secure[1];

    [Test]
    public void UltracallsAsInTheLog()
    {
        var log = Log().Select(line => Answered().Match(line)).Where(match => match.Success).GroupBy(match => match.Groups["call"].Value).ToDictionary(
            group => group.Key,
            group => (Count: group.Count(), Failed: group.Count(match => match.Groups["code"].Value != "0")));
        var page = Rows("calls").Where(row => row[0].StartsWith("UV_", StringComparison.Ordinal)).ToDictionary(row => row[0], row => (Count: Number(row[2]), Failed: Number(row[3])));
        Assert.That(page, Is.EquivalentTo(log));
        Assert.That(page["UV_ESM"].Count, Is.EqualTo(1));
        Assert.That(page["UV_PAGE_INVAL"].Failed, Is.Positive);
    }

    [TestCase("uv calls ", "the ultravisor")]
    [TestCase("guest calls ", "a secure guest's kernel")]
    public void HypercallsAsInTheLog(string words, string caller)
    {
        var log = Log().Where(line => line.Contains(words, StringComparison.Ordinal)).GroupBy(line => Word().Match(line, line.IndexOf(words, StringComparison.Ordinal) + words.Length).Value)
            .ToDictionary(group => group.Key, group => group.Count());
        var page = Rows("calls").Where(row => row[0].StartsWith("H_", StringComparison.Ordinal) && row[1] == caller && row[0] != "H_SET_PARTITION_TABLE").ToDictionary(row => row[0], row => Number(row[2]) + Number(row[4]));
        Assert.That(page, Is.EquivalentTo(log), "answered or not; H_SET_PARTITION_TABLE is refused and never gets to the hypervisor");
    }

    [Test]
    public void FailuresAsInTheLog()
    {
        int log = Log().Count(line => Answered().Match(line) is { Success: true } match && match.Groups["code"].Value != "0");
        Assert.That(Rows("failures").Where(row => row[0].StartsWith("UV_", StringComparison.Ordinal)).Sum(row => Number(row[2])), Is.EqualTo(log));
    }

    [Test]
    public void CallersAreNamed()
    {
        // The one place in Linux that pages in for a share: kvmppc_share_page, which the compiler has put into its caller.
        string[] functions = [.. Rows("callers").Where(row => row[1] == "UV_PAGE_IN").Select(row => row[0])];
        Assert.That(Rows("callers").Select(row => row[1]), Has.All.StartsWith("UV_"), "of the ultravisor's calls nobody is the caller");
        Assert.That(functions, Has.Some.StartsWith("kvmppc_svm_page_in").And.Some.StartsWith("kvmppc_h_svm_page_in"));
    }

    [Test]
    public void InstructionsAreThoseOfTheRun()
    {
        string[] cpu = Rows("work").Single();
        Assert.That(cpu.Skip(1).Sum(Number), Is.EqualTo(run.Program.Number("instructions")));
        Assert.That(cpu.Skip(1).Take(3).Select(Number), Is.All.Positive, "hypervisor, guest, secure guest");
        Assert.That(Number(cpu[4]), Is.Zero, "the ultravisor takes no time");
    }

    [Test]
    public void NoViolations() => Assert.That(Page().Descendants("table").Select(table => (string?)table.Attribute("id")), Has.None.EqualTo("violations"));

    /// <summary>The page made later from the events is the same.</summary>
    [Test]
    public async Task PageFromEvents()
    {
        string later = run.PathOf("later.html");
        Program program = await Program.Run("report", run.PathOf("run.events"), "-o", later, "--title", Path.GetFileNameWithoutExtension(ProgramRuns.Report));
        Assert.That(program.ExitCode, Is.Zero, program.Messages);
        Assert.That(File.ReadAllBytes(later).AsSpan().SequenceEqual(File.ReadAllBytes(run.PathOf(ProgramRuns.Report))), Is.True);
    }

    private static long Number(string cell) => long.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private XDocument Page() => XDocument.Load(run.PathOf(ProgramRuns.Report));

    private string[][] Rows(string table) =>
    [
        .. Page().Descendants("table").Single(one => (string?)one.Attribute("id") == table).Descendants("tbody").Single().Elements("tr")
            .Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()),
    ];

    private string[] Log() => File.ReadAllLines(run.PathOf("ucalls.txt"));

    [GeneratedRegex(@"lpid \d+ (?<call>UV_\w+)\(.*\) -> (?<code>-?\d+)")]
    private static partial Regex Answered();

    [GeneratedRegex(@"\G\w+")]
    private static partial Regex Word();
}
