using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The secure story by the program uvmem, twice at a time: how it ends, what it reports, and that the runs are the same bit for bit.</summary>
public class ProgramTests
{
    private Program[] runs = [];
    private string[] folders = [];

    [OneTimeSetUp]
    public async Task RunTwice()
    {
        folders = [.. Enumerable.Range(1, 2).Select(n => Path.Combine(TestContext.CurrentContext.WorkDirectory, "boots", $"program-{n}"))];
        foreach (string folder in folders)
            Directory.CreateDirectory(folder);
        runs = await Task.WhenAll(folders.Select(folder => Program.Run(
            "boot",
            "--kernel", Images.Kernel,
            "--initrd", Images.Initrd,
            "--append", "console=hvc0 random.trust_cpu=on uvmem.run=secure",
            "--ultravisor",
            "--secure-memory", "1G",
            "--scan", Convert.ToHexString(Images.Marker),
            "--console", "file:" + Path.Combine(folder, "console.txt"),
            "--log-ucalls=" + Path.Combine(folder, "ucalls.txt"))));
    }

    [Test]
    public void EndsWithZero()
    {
        foreach (Program run in runs)
            Assert.That(run.ExitCode, Is.Zero, run.Messages);
    }

    [TestCase("console.txt")]
    [TestCase("ucalls.txt")]
    public void RunsWriteTheSame(string file)
    {
        byte[] first = File.ReadAllBytes(Path.Combine(folders[0], file));
        Assert.That(first, Has.Length.GreaterThan(1000));
        Assert.That(File.ReadAllBytes(Path.Combine(folders[1], file)).AsSpan().SequenceEqual(first), Is.True, $"{file} of two runs");
    }

    [Test]
    public void RunsExecuteTheSame()
    {
        Assert.That(runs[0].Number("instructions"), Is.GreaterThan(100_000_000));
        Assert.That(runs[1].Number("instructions"), Is.EqualTo(runs[0].Number("instructions")));
    }

    /// <summary>Who runs the machine makes no difference either.</summary>
    [Test]
    public void LibraryRunsTheSame()
    {
        Assert.That(runs[0].Number("instructions"), Is.EqualTo(Boots.Secure.Instructions));
        Assert.That(File.ReadAllBytes(Path.Combine(folders[0], "console.txt")).AsSpan().SequenceEqual(Boots.Secure.Output), Is.True, "console");
    }

    [TestCase(nameof(UltraCall.UV_ESM))]
    [TestCase(nameof(UltraCall.UV_PAGE_IN))]
    [TestCase(nameof(UltraCall.UV_PAGE_OUT))]
    [TestCase(nameof(UltraCall.UV_PAGE_INVAL))]
    [TestCase(nameof(UltraCall.UV_SHARE_PAGE))]
    [TestCase(nameof(UltraCall.UV_UNSHARE_PAGE))]
    [TestCase(nameof(UltraCall.UV_SVM_TERMINATE))]
    public void SummaryCountsUltracalls(string name) => Assert.That(
        runs[0].Number(name),
        Is.EqualTo(Boots.Secure.Events.Count(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)Enum.Parse<UltraCall>(name))));

    [Test]
    public void SummaryCountsReverseHypercalls() => Assert.That(
        runs[0].Number(nameof(HCall.H_SVM_PAGE_IN)),
        Is.EqualTo(Boots.Secure.Events.Count(happened => happened.Kind == UvEventKind.ReverseCall && happened.Number == (ulong)HCall.H_SVM_PAGE_IN)));

    [TestCase("pages of 64 KiB by state")]
    [TestCase("PAGEDOUT")]
    [TestCase("SHARED")]
    [TestCase("wall time")]
    [TestCase("instructions per second")]
    public void SummaryHas(string text) => Assert.That(runs[0].Messages, Does.Contain(text));

    [Test]
    public void ScansFindNothing()
    {
        Assert.That(runs[0].Messages, Does.Contain("nowhere in normal memory"));
        Assert.That(runs[0].Messages, Does.Not.Contain("the pattern is in normal memory"));
    }
}
