using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Recording;

namespace RenodeUvmem.Boot.Tests.Reports;

/// <summary>
/// The page and the trace of the secure story in a real browser, and the pictures of README, which go to the folder that UVMEM_PICTURES names
/// (<c>scripts/pictures.sh</c>).
/// </summary>
public sealed class BrowserTests
{
    private const int MostBytes = 200_000;
    private const string TraceViewer = "UVMEM_TRACE2HTML";

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

    /// <summary>The trace in Chrome's own viewer, where its trace2html is at hand (Catapult's tracing/bin/trace2html).</summary>
    [Test]
    public void PictureOfTheTrace()
    {
        if (Environment.GetEnvironmentVariable(TraceViewer) is not { Length: > 0 } converter)
        {
            Assert.Ignore($"Chrome's trace viewer is not here; {TraceViewer} may name Catapult's tracing/bin/trace2html");
            return;
        }

        string viewer = run.PathOf("trace.html");
        using (Process process = Process.Start("python3", [converter, run.PathOf("trace.json"), "--output", viewer]))
            process.WaitForExit();

        // What a person would do: zoom into a share, hide the counters, look.
        File.AppendAllText(viewer, """
            <script>
            (function look() {
                const view = document.querySelector("tr-ui-timeline-view"), model = view && view.model;
                if (!model || !(view.trackView_ || view.trackView)) { setTimeout(look, 2000); return; }
                const calls = Object.values(model.processes).flatMap(process => Object.values(process.threads)).find(thread => thread.name === "calls");
                const share = calls.sliceGroup.slices.find(slice => slice.title === "UV_SHARE_PAGE" && slice.args.count === "16");
                for (const process of Object.values(model.processes)) process.counters = {};
                const viewport = (view.trackView_ || view.trackView).viewport, transform = viewport.currentDisplayTransform.clone();
                document.title = `${model.importWarnings.length} warnings`;
                transform.xSetWorldBounds(share.start - share.duration * .05, share.start + share.duration * .35, innerWidth - 270);
                viewport.setDisplayTransformImmediately(transform);
            })();
            </script>
            """);
        Assert.That(browser.Document("file://" + viewer), Does.Contain("<title>0 warnings"));
        Take("file://" + viewer, "trace.png", 1400, 620);
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
