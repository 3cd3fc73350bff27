using System.Xml.Linq;
using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Recording;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Uvmem;
using RenodeUvmem.Uvmem.Reporting;

namespace RenodeUvmem.Platform.Tests.Reports;

/// <summary>Records of events that are made up, read back, and as a page.</summary>
public sealed class RecordTests
{
    private const ulong PageOffset = 0xC000_0000_0000_0000;

    [Test]
    public void CallsLieOneWithinAnother()
    {
        RunRecord record = Read(
            Call(UvEventKind.UltraCallBegun, UltraCall.UV_SHARE_PAGE, 100, lane: 0, 8, 1),
            Hyper(UvEventKind.ReverseCall, HCall.H_SVM_PAGE_IN, 100, 0x80000, 1, 16),
            Call(UvEventKind.UltraCall, UltraCall.UV_PAGE_IN, 130, lane: -1, 1, 0x5000_0000, 0x80000, 0, 16),
            Hyper(UvEventKind.ReverseResult, HCall.H_SVM_PAGE_IN, 150),
            Call(UvEventKind.UltraCall, UltraCall.UV_SHARE_PAGE, 160, lane: 0, 8, 1));
        Assert.That(record.Calls.Select(call => (call.Text, call.Begin, call.End, call.Result)), Is.EqualTo(new (string, ulong, ulong, long?)[]
        {
            ("UV_SHARE_PAGE", 100, 160, 0),
            ("H_SVM_PAGE_IN", 100, 150, 0),
            ("UV_PAGE_IN", 130, 130, 0),
        }));
        Assert.That(record.Calls[1].Arguments, Is.EqualTo("(gpa=0x80000, flags=1, order=16)"));
        Assert.That(record.End, Is.EqualTo(160));
    }

    [Test]
    public void LargeArgumentsAndNegativeAnswers()
    {
        UvEvent refused = Call(UvEventKind.UltraCall, UltraCall.UV_WRITE_PATE, 5, lane: -1, 0, ulong.MaxValue, PageOffset);
        refused.Result = UReturn.U_STATE;
        RecordedCall call = Read(refused).Calls.Single();
        Assert.That(call.Arguments, Is.EqualTo("(lpid=0x0, dw0=0xffffffffffffffff, dw1=0xc000000000000000)"));
        Assert.That(call.Result, Is.EqualTo(-75));
    }

    [Test]
    public void CallsOfAnEndedSvmHaveNoAnswer()
    {
        RunRecord record = Read(
            Hyper(UvEventKind.ReverseCall, HCall.H_SVM_INIT_ABORT, 100),
            new UvEvent { Kind = UvEventKind.LifeCycle, Ticks = 120, Lpid = 1, Lane = -1, Number = (ulong)Occasion.SvmTerminate, Text = "SVM terminated" },
            Hyper(UvEventKind.ReverseResult, HCall.H_SVM_INIT_ABORT, 130));
        Assert.That(record.Calls[0].Result, Is.Null);
        Assert.That(record.Notes.Single().Text, Is.EqualTo("SVM terminated"));
    }

    /// <summary>Nearest rank: the 50th percentile of five is the third, of four the second.</summary>
    [TestCase(50, 5, 3ul)]
    [TestCase(50, 4, 2ul)]
    [TestCase(90, 10, 9ul)]
    [TestCase(99, 10, 10ul)]
    [TestCase(100, 3, 3ul)]
    [TestCase(99, 1, 1ul)]
    public void Percentiles(int percent, int count, ulong expected)
    {
        var row = new CallRow(CallKind.UltraCall, "UV_ESM", count, 0, 0, [.. Enumerable.Range(1, count).Select(n => (ulong)n)]);
        Assert.That(row.Percentile(percent), Is.EqualTo(expected));
    }

    [Test]
    public void PageShowsViolations()
    {
        var site = new CallSite(World.Hypervisor, 0, true, 0x10000abc, 0);
        var violation = new UvEvent { Kind = UvEventKind.Violation, Cpu = 2, Lane = -1, Ticks = 512_000_000, Text = "Load", Site = site };
        violation.Args[0] = 0x1_0000_0001_0000;
        violation.Args[1] = 0x10000abc;
        XElement table = Page("run", violation).Descendants("table").Single(one => (string?)one.Attribute("id") == "violations");
        string[] cells = [.. table.Descendants("td").Select(cell => cell.Value)];
        Assert.That(cells, Is.EqualTo((string[])["1.000000 s", "CPU 2, hypervisor user", "Load", "0x1000000010000", "0x10000abc", ""]));
    }

    [Test]
    public void TextsOfTheRunAreNoMarkup()
    {
        const string Text = "</script><b>&{{calls}}\"'";
        XDocument page = Page(Text, new UvEvent { Kind = UvEventKind.LifeCycle, Lane = -1, Lpid = 1, Number = (ulong)Occasion.SvmKill, Text = Text });
        Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo(Text));
        Assert.That(page.Descendants("table").Single(one => (string?)one.Attribute("id") == "notes").Value, Does.Contain(Text));
        Assert.That(page.Descendants("b").Select(one => one.Value), Has.None.Contains("{{"));
    }

    /// <summary>What a page needs is in it.</summary>
    [Test]
    public void PageAsksForNothing()
    {
        XDocument page = Page("run");
        string[] addresses = [.. page.Descendants().Attributes().Where(one => one.Name.LocalName is "src" or "href" or "action").Select(one => one.Value)];
        Assert.That(addresses, Is.EqualTo((string[])["data:,"]), "the icon, which a browser would ask for otherwise");
        string text = string.Concat(page.Descendants().Where(one => one.Name.LocalName is "script" or "style").Select(one => one.Value));
        Assert.That(text, Does.Not.Contain("http").And.Not.Contain("import ").And.Not.Contain("url(").And.Not.Contain("fetch("));
    }

    [TestCase(0, "ends within")]
    [TestCase(40, "end")]
    public void DamagedRecordsAreRefused(int length, string words)
    {
        byte[] whole = Record([]);
        Assert.That(() => RunRecord.Read(new MemoryStream(whole[..length])), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words).IgnoreCase);
    }

    [Test]
    public void OtherFilesAreRefused()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "no-record.txt");
        File.WriteAllText(path, "no record");
        string page = path + ".html";
        Assert.That(() => ReportCommand.Run([path, "-o", page]), Throws.InstanceOf<OptionException>().With.Message.Contains("no-record.txt"));
        Assert.That(File.Exists(page), Is.False, "nothing half-written stays");
    }

    private static UvEvent Call(UvEventKind kind, UltraCall call, ulong ticks, int lane, params ulong[] arguments) => Event(kind, (ulong)call, ticks, lane, arguments);

    private static UvEvent Hyper(UvEventKind kind, HCall call, ulong ticks, params ulong[] arguments) => Event(kind, (ulong)call, ticks, 0, arguments);

    private static UvEvent Event(UvEventKind kind, ulong number, ulong ticks, int lane, ulong[] arguments)
    {
        var made = new UvEvent { Kind = kind, Number = number, Ticks = ticks, Instruction = (long)ticks, Lpid = 1, Lane = lane };
        for (int n = 0; n < arguments.Length; n++)
            made.Args[n] = arguments[n];
        return made;
    }

    private static XDocument Page(string title, params UvEvent[] events)
    {
        string page = System.Text.Encoding.UTF8.GetString(HtmlReport.Make(Record(events), title));
        Assert.That(page, Does.StartWith("<!DOCTYPE html>"));
        return XDocument.Parse(page);
    }

    private static RunRecord Read(params UvEvent[] events) => RunRecord.Read(new MemoryStream(Record(events)));

    private static byte[] Record(UvEvent[] events)
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(1UL << 48, 8 << 20, secure: true);
        using var model = new UltravisorModel(memory);
        using var stream = new MemoryStream();
        using (var recorder = new RunRecorder(stream, model))
        {
            foreach (UvEvent one in events)
                recorder.Record(one);
        }

        return stream.ToArray();
    }
}
