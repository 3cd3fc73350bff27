using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The secure story by the program uvmem, twice at a time: how it ends, what it reports, and that the runs are the same bit for bit.</summary>
public class ProgramTests
{
    private readonly ProgramRun[] runs = ProgramRuns.Secure;

    [Test]
    public void EndsWithZero()
    {
        foreach (ProgramRun run in runs)
            Assert.That(run.Program.ExitCode, Is.Zero, run.Program.Messages);
    }

    [TestCase("console.txt")]
    [TestCase("ucalls.txt")]
    public void RunsWriteTheSame(string file)
    {
        byte[] first = File.ReadAllBytes(runs[0].PathOf(file));
        Assert.That(first, Has.Length.GreaterThan(1000));
        Assert.That(File.ReadAllBytes(runs[1].PathOf(file)).AsSpan().SequenceEqual(first), Is.True, $"{file} of two runs");
    }

    [Test]
    public void RunsExecuteTheSame()
    {
        Assert.That(runs[0].Program.Number("instructions"), Is.GreaterThan(100_000_000));
        Assert.That(runs[1].Program.Number("instructions"), Is.EqualTo(runs[0].Program.Number("instructions")));
    }

    /// <summary>Who runs the machine makes no difference either.</summary>
    [Test]
    public void LibraryRunsTheSame()
    {
        Assert.That(runs[0].Program.Number("instructions"), Is.EqualTo(Boots.Secure.Instructions));
        Assert.That(File.ReadAllBytes(runs[0].PathOf("console.txt")).AsSpan().SequenceEqual(Boots.Secure.Output), Is.True, "console");
    }

    [TestCase(nameof(UltraCall.UV_ESM))]
    [TestCase(nameof(UltraCall.UV_PAGE_IN))]
    [TestCase(nameof(UltraCall.UV_PAGE_OUT))]
    [TestCase(nameof(UltraCall.UV_PAGE_INVAL))]
    [TestCase(nameof(UltraCall.UV_SHARE_PAGE))]
    [TestCase(nameof(UltraCall.UV_UNSHARE_PAGE))]
    [TestCase(nameof(UltraCall.UV_SVM_TERMINATE))]
    public void SummaryCountsUltracalls(string name) => Assert.That(
        runs[0].Program.Number(name),
        Is.EqualTo(Boots.Secure.Events.Count(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)Enum.Parse<UltraCall>(name))));

    [Test]
    public void SummaryCountsReverseHypercalls() => Assert.That(
        runs[0].Program.Number(nameof(HCall.H_SVM_PAGE_IN)),
        Is.EqualTo(Boots.Secure.Events.Count(happened => happened.Kind == UvEventKind.ReverseCall && happened.Number == (ulong)HCall.H_SVM_PAGE_IN)));

    [TestCase("pages of 64 KiB by state")]
    [TestCase("PAGEDOUT")]
    [TestCase("SHARED")]
    [TestCase("wall time")]
    [TestCase("RAM that was touched")]
    [TestCase("decoded code")]
    [TestCase("instructions per second")]
    [TestCase("host memory at most, MiB")]
    public void SummaryHas(string text) => Assert.That(runs[0].Program.Messages, Does.Contain(text));

    /// <summary>The images alone are more than .NET allocates without a collection; what nobody asked for is not measured.</summary>
    [Test]
    public void PausesAreMeasured()
    {
        const string Pauses = "pauses of .NET";
        Assert.That(runs[1].Program.Number(Pauses), Is.Positive);
        Assert.That(runs[1].Program.Messages, Does.Match(@"longest of them +[\d.]+ ms"));
        Assert.That(runs[0].Program.Number(Pauses), Is.Null);
    }

    [Test]
    public void ScansFindNothing()
    {
        Assert.That(runs[0].Program.Messages, Does.Contain("nowhere in normal memory"));
        Assert.That(runs[0].Program.Messages, Does.Not.Contain("the pattern is in normal memory"));
    }
}
