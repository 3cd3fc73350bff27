using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Coverage.Lines;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Tests;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>From instructions that ran to lines of a program whose source says what becomes of each.</summary>
public sealed partial class ProgramTests
{
    private CompiledProgram program = null!;

    [OneTimeSetUp]
    public void Compile() => program = CompiledProgram.Make();

    [OneTimeTearDown]
    public void Remove() => program?.Dispose();

    [Test]
    public void LinesAreAsTheSourceSays()
    {
        FileReport file = program.ReportWithList().Files.Single();
        int seen = 0;
        Assert.Multiple(() =>
        {
            for (int n = 1; n <= file.Text.Count; n++)
            {
                if (Remark().Match(file.Text[n - 1]) is not { Success: true } remark || remark.Groups[1].Value == "skip")
                    continue;
                seen++;
                Assert.That(file.Find(n) is { } line ? Kind(line) : "none", Is.EqualTo(remark.Groups[1].Value), $"line {n}: {file.TextOf(n)}");
            }
        });
        Assert.That(seen, Is.GreaterThan(10));
    }

    [Test]
    public void CallsOfInlinedFunctionsBelongToTheirLines()
    {
        FileReport file = program.Report().Files.Single();
        LineReport[] calls = [.. file.Lines.Where(line => file.TextOf(line.Number).Contains("twice(", StringComparison.Ordinal))];
        Assert.That(calls.Select(line => line.Ran), Is.EqualTo(new[] { true, false }));
        Assert.That(calls.Select(line => line.Function), Is.All.EqualTo("refuse"));
    }

    [Test]
    public void FunctionsAreTallied()
    {
        FileReport file = program.Report().Files.Single();
        Assert.That(string.Join(' ', file.Functions.Select(function => function.Name)), Is.EqualTo("choose never refuse _start"));
        Assert.That(file.Functions[1].Executed.Reached, Is.Zero);
        Assert.That(file.Functions[0].Ways, Is.EqualTo(new Tally(2, 2)));
        Assert.That(file.Executed, Is.EqualTo(file.Functions.Aggregate(default(Tally), (sum, function) => sum + function.Executed)));
    }

    [Test]
    public void NothingRanInAGuest() => Assert.That(program.Report().Files.Single().Lines.Select(line => line.RanIn & Worlds.Guest), Is.All.EqualTo(Worlds.None));

    /// <summary>Every instruction's line, as the spans of the line table have it, is what addr2line says of its address.</summary>
    [Test]
    public void LinesAreThoseOfAddr2line()
    {
        (ulong Address, string Place)[] expected =
        [
            .. LineSpan.Of(program.DebugTools.Lines(_ => true))
                .SelectMany(span => Addresses(span), (span, address) => (address, $"{span.File}:{span.Line}")),
        ];
        string answers = Oracles.Run(Oracles.Program(CompiledProgram.Tools + "addr2line")!, ["-e", program.Executable, .. expected.Select(one => $"{one.Address:x}")]);
        Assert.That(expected, Has.Length.GreaterThan(80));
        Assert.That(expected.Select(one => $"{one.Address:x} {one.Place}"), Is.EqualTo(answers.Split('\n').Zip(expected, (line, one) => $"{one.Address:x} {line.Split(' ')[0]}")));
    }

    /// <summary>The machine's branches, counted in objdump's listing.</summary>
    [Test]
    public void ConditionalBranchesAreThoseOfTheListing()
    {
        string listing = Oracles.Run(Oracles.Program(CompiledProgram.Tools + "objdump")!, "-d", "-M", "raw", program.Executable);
        ulong[] expected = [.. ConditionalBranch().Matches(listing).Select(match => Convert.ToUInt64(match.Groups[1].Value, 16))];
        ulong[] found =
        [
            .. Enumerable.Range(0, program.Code.Bytes.Length / 4)
                .Select(n => program.Code.Start + (4 * (ulong)n))
                .Where(address => BranchReport.IsConditional(program.Code.WordAt(address))),
        ];
        Assert.That(expected, Is.Not.Empty);
        Assert.That(found, Is.EqualTo(expected));
    }

    [TestCase("program.c | refuse | line | why | no such line;", "list: list.txt:1: no line of refuse with code is 'no such line;'")]
    [TestCase("program.c | choose | line | why | out = 8;\t\t/* dead */", "list: list.txt:1: no line of choose with code is 'out = 8;\t\t/* dead */'")]
    [TestCase("program.c | choose | line | why | out = n;\t\t\t/* ran */", "list: list.txt:1: line 11 ran: out = n;\t\t\t/* ran */")]
    [TestCase("program.c | choose | branch | why | if (n > 3)\t\t\t/* both */", "list: list.txt:1: the branches of line 9 went all ways: if (n > 3)\t\t\t/* both */")]
    [TestCase("program.c | refuse | lines | why | return n;\t\t\t/* skip */ ... out = 7;\t\t/* not */", "list: list.txt:1: no line of refuse with code is 'return n;\t\t\t/* skip */', with 'out = 7;\t\t/* not */' behind it")]
    [TestCase("program.c | refuse | lines | why | out = 7;\t\t/* not */ ... out = twice(n);\t\t/* ran */", "list: list.txt:1: line 26 ran: out = 7;\t\t/* not */")]
    [TestCase("program.c | refuse | lines | why | out = 7;", "list: list.txt:1: expected 'FIRST LINE ... LAST LINE' behind the reason")]
    [TestCase("program.c | choose | perhaps | why | text", "list: list.txt:1: expected 'FILE | FUNCTION | line, lines or branch | REASON | TEXT OF THE LINE'")]
    [TestCase("program.c | choose", "list: list.txt:1: expected 'FILE | FUNCTION | line, lines or branch | REASON | TEXT OF THE LINE'")]
    public void WrongListIsAnError(string entry, string message) =>
        Assert.That(() => program.Report(entry), Throws.TypeOf<OptionException>().With.Message.EqualTo(message));

    [Test]
    public void UnreachableLinesAndWaysDoNotCount()
    {
        Tally lines = program.Report().Executed;
        Tally ways = program.Report().Ways;
        Assert.That(program.ReportWithList().Executed, Is.EqualTo(new Tally(lines.Reached, lines.Total - 1)));
        Assert.That(program.Report("program.c | refuse | branch | n is 2 | if (n < 0) {\t\t\t/* one */").Ways, Is.EqualTo(new Tally(ways.Reached, ways.Total - 1)));
        Assert.That(program.Report("program.c | refuse | lines | n is 2 | out = 7;\t\t/* not */ ... return never(n);\t/* not */").Executed, Is.EqualTo(new Tally(lines.Reached, lines.Total - 2)));
        Assert.That(program.Report("other.c | f | line | of another report | text").Executed, Is.EqualTo(lines));
    }

    [Test]
    public void TextNamesWhatIsMissing()
    {
        using var text = new StringWriter();
        TextReport.Write(text, program.ReportWithList());
        Assert.That(text.ToString(), Does.Match(@"(?m)^ +17  return choose\(n\) \+ out;"));
        Assert.That(text.ToString(), Does.Match(@"(?m)^ +22  if \(n < 0\) \{.*\[never taken\]"));
        Assert.That(text.ToString(), Does.Match(@"(?m)^ +27  out = 8;.*\[n is 2\]"));
    }

    [Test]
    public void FileWithoutCodeIsAnError() => Assert.That(
        () => CoverageReport.Make(program.Data, program.Code, program.DebugTools, ["other.c"], new SourceTree(null), UnreachableLines.None),
        Throws.TypeOf<OptionException>().With.Message.StartsWith("--files: the kernel has no code from other.c"));

    [Test]
    public void MissingSourceIsAnError() => Assert.That(
        () => CoverageReport.Make(program.Data, program.Code, program.DebugTools, ["program.c"], new SourceTree("/nonexistent"), UnreachableLines.None),
        Throws.TypeOf<OptionException>().With.Message.StartsWith("--source: can't read /nonexistent/program.c"));

    [Test]
    public void MissingToolIsAnError() => Assert.That(
        () => new DebugTools("no-such-", program.Executable).Lines(_ => true),
        Throws.TypeOf<OptionException>().With.Message.StartsWith("--tools: there is no program no-such-objdump"));

    [Test]
    public void StrippedFileIsAnError()
    {
        string stripped = program.Executable + ".stripped";
        Oracles.Run(Oracles.Program(CompiledProgram.Tools + "strip")!, "-g", "-o", stripped, program.Executable);
        Assert.That(() => new DebugTools(CompiledProgram.Tools, stripped).Lines(_ => true), Throws.TypeOf<OptionException>().With.Message.Contains("has no line information"));

        // The same code with and without debug information.
        Assert.That(Recording.KernelCode.Read("", stripped).Identity, Is.EqualTo(program.Code.Identity));
    }

    private static IEnumerable<ulong> Addresses(LineSpan span)
    {
        for (ulong address = span.Start; address < span.End; address += 4)
            yield return address;
    }

    private static string Kind(LineReport line)
    {
        if (!line.Counts)
            return "dead";
        if (!line.Ran)
            return "not";
        if (line.Ways == 0)
            return "ran";
        return line.WaysGone == line.Ways ? "both" : "one";
    }

    [GeneratedRegex(@"/\* (\w+) \*/$")]
    private static partial Regex Remark();

    // Raw mnemonics: bc and its relatives, but not those whose BO says always.
    [GeneratedRegex(@"(?m)^\s*([0-9a-f]+):.*\tb(?:c|clr|cctr)[la+-]*\s+(?!20,)\d+,")]
    private static partial Regex ConditionalBranch();
}
