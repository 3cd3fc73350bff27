using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Recording;

namespace RenodeUvmem.Boot.Tests.Reports;

/// <summary>
/// The page about the secure story in a real browser, and README's pictures of it, which go to the folder that UVMEM_PICTURES names
/// (<c>scripts/pictures.sh</c>).
/// </summary>
public sealed class BrowserTests
{
    private const int MostBytes = 200_000;

    private readonly ProgramRun run = ProgramRuns.Secure[1];
    private readonly Browser browser = Browser.Find();

    private string Page => "file://" + run.PathOf(ProgramRuns.Report);

    [Test]
    public void PageShowsItsRecord()
    {
        string document = browser.Document(Page);
        using FileStream file = File.OpenRead(run.PathOf("run.events"));
        RunRecord record = RunRecord.Read(file);
        string root = Regex.Match(document, "<html[^>]*>").Value;
        Assert.That(root, Does.Contain("data-ready=\"yes\""), "its scripts ran to their end");
        Assert.That(root, Does.Contain($"data-calls=\"{record.Calls.Count}\""));
        Assert.That(root, Does.Contain($"data-changes=\"{record.PageChanges}\""));
        Assert.That(root, Does.Contain("data-cells=\"4096\""), "256 MiB");
        Assert.That(document, Does.Match("id=\"problem\"[^>]*hidden"));
    }

    [Test]
    public void PictureOfTheWholeRun() => Take(Page + "#theme=light", "report.png", 1400, 990);

    /// <summary>A share of 16 pages, opened, and the history of one of them.</summary>
    [Test]
    public void PictureOfOneShare()
    {
        using FileStream file = File.OpenRead(run.PathOf("run.events"));
        RunRecord record = RunRecord.Read(file);
        RecordedCall[] calls = [.. record.Calls];
        int share = Array.FindIndex(calls, call => call.Text == "UV_SHARE_PAGE" && call.Arguments.Contains("count=16", StringComparison.Ordinal));
        RecordedCall one = calls[share];
        ulong edge = (one.End - one.Begin) / 12;
        int gfn = Convert.ToInt32(Regex.Match(one.Arguments, "gfn=0x([0-9a-f]+)").Groups[1].Value, 16);
        Take($"{Page}#from={one.Begin - edge}&to={one.Begin + (4 * edge)}&at={one.End}&call={share}&page={gfn}&theme=dark", "share.png", 1100, 1000);
    }

    [Test]
    public async Task PictureOfTheProfile()
    {
        string picture = await Profile();
        int height = int.Parse(Regex.Match(File.ReadAllText(picture), "height=\"([0-9]+)\"").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        string image = run.PathOf("profile.png");
        browser.Picture("file://" + picture, image, 1280, height);
        Assert.That(new FileInfo(image).Length, Is.InRange(20_000, MostBytes), "more than an empty page");
    }

    /// <summary>A frame that is chosen is as wide as its part; others are not shown.</summary>
    [Test]
    public async Task AFrameOfTheProfileCanBeWidened()
    {
        string document = browser.Document($"file://{await Profile()}#SVM%201");
        double section = double.Parse(Regex.Match(document, "data-width=\"([0-9]+)\"").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(Frame(document, "SVM 1"), Does.Contain("display: ;").Or.Not.Contain("display: none"));
        Assert.That(double.Parse(Regex.Match(Frame(document, "SVM 1"), "<rect x=\"0\"[^>]* width=\"([0-9.]+)\"").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(section).Within(1));
        Assert.That(Frame(document, "hypervisor"), Does.Contain("display: none"));
    }

    private static string Frame(string document, string name) => Regex.Match(document, $"<g class=\"f[^>]*data-n=\"{name}\".*?</g>", RegexOptions.Singleline).Value;

    private async Task<string> Profile()
    {
        string picture = run.PathOf("secure-story.svg");
        Program made = await Program.Run("profile", run.PathOf(ProgramRuns.ProfileFile), "-o", picture, "--title", "The secure story");
        Assert.That(made.ExitCode, Is.Zero, made.Messages);
        return picture;
    }

    private void Take(string address, string name, int width, int height)
    {
        string file = run.PathOf(name);
        browser.Picture(address, file, width, height);
        var bytes = new FileInfo(file);
        Assert.That(bytes.Length, Is.InRange(20_000, MostBytes), "more than an empty page, and small enough to keep");
        if (Environment.GetEnvironmentVariable("UVMEM_PICTURES") is { Length: > 0 } folder)
            File.Copy(file, Path.Combine(folder, name), overwrite: true);
    }
}
