using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using RenodeUvmem.Coverage.Html;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>Pages: well-formed, whole in themselves, and each line marked as the report has it.</summary>
public sealed class PageTests
{
    private const string FileName = "program.c.html";

    private CompiledProgram program = null!;
    private CoverageReport report = null!;
    private string folder = "";

    [OneTimeSetUp]
    public void Write()
    {
        program = CompiledProgram.Make();
        report = program.ReportWithList();
        folder = Path.Combine(program.Folder, "pages");
        HtmlPages.Write("--html", folder, report);
    }

    [OneTimeTearDown]
    public void Remove() => program?.Dispose();

    [Test]
    public void ThereIsAPageForEachFileAndAnIndex() =>
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { HtmlPages.Index, FileName }));

    [TestCase(HtmlPages.Index)]
    [TestCase(FileName)]
    public void LinksLeadSomewhereAndNothingIsLoaded(string name)
    {
        XDocument page = Read(name);
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.That(ids, Is.Unique);
        foreach (string link in page.Descendants().Attributes("href").Select(link => link.Value))
            Assert.That(link.StartsWith('#') ? ids.Contains(link[1..]) : File.Exists(Path.Combine(folder, link)), Is.True, link);
        Assert.That(page.Descendants().Attributes("src"), Is.Empty);
        Assert.That(File.ReadAllText(Path.Combine(folder, name)), Does.Not.Contain("http").And.Not.Contain("url("));
    }

    [Test]
    public void EachLineIsThereWithItsTextAndMark()
    {
        FileReport file = report.Files.Single();
        XElement[] rows = [.. Read(FileName).Descendants("table").Single(table => (string?)table.Attribute("class") == "code").Elements("tr")];
        Assert.That(rows, Has.Length.EqualTo(file.Text.Count));
        Assert.Multiple(() =>
        {
            for (int n = 0; n < rows.Length; n++)
            {
                LineReport? line = file.Find(n + 1);
                string mark = line switch
                {
                    null => "",
                    { Counts: false } => "dead",
                    { Ran: false } => "miss",
                    _ => line.WaysGone == line.Ways ? "ran" : "part",
                };
                Assert.That((string?)rows[n].Attribute("class") ?? "", Is.EqualTo(mark), file.Text[n]);
                string code = rows[n].Elements("td").Last().Value;
                Assert.That(line?.Unreachable is { } reason ? code.Replace($"   — {reason}", "", StringComparison.Ordinal) : code, Is.EqualTo(file.Text[n]));
            }
        });
    }

    [Test]
    public void FunctionsLeadToTheirFirstLines()
    {
        IEnumerable<string> links = Read(FileName).Descendants("nav").Single().Elements("a").Select(link => $"{link.Element("span")!.Value} {(string)link.Attribute("href")!}");
        Assert.That(links, Is.EqualTo(report.Files.Single().Functions.Select(function => $"{function.Name} #L{function.Lines[0].Number}")));
    }

    [Test]
    public void UnwritableFolderIsAnError() =>
        Assert.That(() => HtmlPages.Write("--html", "/dev/null/x", report), Throws.TypeOf<OptionException>().With.Message.StartsWith("--html: can't write to /dev/null/x"));

    private XDocument Read(string name)
    {
        using var reader = XmlReader.Create(Path.Combine(folder, name), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
