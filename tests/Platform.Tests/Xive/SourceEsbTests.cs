using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>A source's pages, with the offsets of Linux's arch/powerpc/include/asm/xive-regs.h.</summary>
internal sealed class SourceEsbTests
{
    private const uint Source = 3;
    private const ulong Management = ((ulong)Source << 17) + 0x10000;
    private const ulong TriggerPage = (ulong)Source << 17;
    private const ulong LoadEoi = 0x000;
    private const ulong StoreEoi = 0x400;
    private const ulong Get = 0x800;
    private const ulong SetPq00 = 0xC00;
    private const ulong SetPq01 = 0xD00;
    private const ulong SetPq10 = 0xE00;
    private const ulong SetPq11 = 0xF00;

    private readonly List<uint> notified = [];
    private FakeLog log = null!;
    private SourceEsb sources = null!;
    private SourceEsbPages pages = null!;

    [SetUp]
    public void MakeSources()
    {
        notified.Clear();
        log = new FakeLog();
        sources = new SourceEsb(8, notified.Add);
        pages = new SourceEsbPages(sources, new XiveLog(log));
    }

    [Test]
    public void SourcesAreOffAtPowerOn()
    {
        Assert.That(Load(Get), Is.EqualTo(0b01));
        pages.Write(TriggerPage, 8, 0);
        Assert.That(notified, Is.Empty);
        Assert.That(Load(Get), Is.EqualTo(0b01));
    }

    [TestCase(SetPq00, 0b00)]
    [TestCase(SetPq01, 0b01)]
    [TestCase(SetPq10, 0b10)]
    [TestCase(SetPq11, 0b11)]
    [TestCase(SetPq10 | 0x40, 0b10, TestName = "load after store in order")]
    public void LoadSetsStateAndGivesTheOldOne(ulong offset, int state)
    {
        Load(SetPq11);
        Assert.That(Load(offset), Is.EqualTo(0b11));
        Assert.That(Load(Get), Is.EqualTo(state));
        Assert.That(notified, Is.Empty);
    }

    /// <summary>Linux's xive_do_source_eoi for sources without store EOI: set 00, and trigger again by hand if Q was set.</summary>
    [Test]
    public void TriggersInServiceAreOneMore()
    {
        Load(SetPq00);
        for (int n = 0; n < 3; n++)
            pages.Write(TriggerPage, 8, 0);
        Assert.That(notified, Is.EqualTo(new[] { Source }));
        Assert.That(Load(SetPq00) & 1, Is.EqualTo(1));
        pages.Write(TriggerPage, 8, 0);
        Assert.That(notified, Has.Count.EqualTo(2));
    }

    [Test]
    public void LoadEoiNotifiesAgain()
    {
        Load(SetPq00);
        pages.Write(TriggerPage, 8, 0);
        Assert.That(Load(LoadEoi), Is.Zero);
        pages.Write(TriggerPage, 8, 0);
        pages.Write(TriggerPage, 8, 0);
        notified.Clear();
        Assert.That(Load(LoadEoi), Is.EqualTo(1));
        Assert.That(notified, Is.EqualTo(new[] { Source }));
        Assert.That(Load(Get), Is.EqualTo(0b10));
    }

    [Test]
    public void AssertedLevelNotifiesAtEachEnd()
    {
        sources.MakeLevel(Source);
        Load(SetPq00);
        sources.SetLevel(Source, true);
        Assert.That(notified, Has.Count.EqualTo(1));
        Load(LoadEoi);
        Assert.That(notified, Has.Count.EqualTo(2), "still asserted");
        Assert.That(Load(Get), Is.EqualTo(0b10), "an LSI never queues");
        sources.SetLevel(Source, false);
        Load(LoadEoi);
        Assert.That(notified, Has.Count.EqualTo(2));
        Assert.That(Load(Get), Is.Zero);
    }

    [Test]
    public void LevelThatRoseWhileOffNotifiesWhenItMay()
    {
        sources.MakeLevel(Source);
        sources.SetLevel(Source, true);
        Assert.That(notified, Is.Empty);
        Assert.That(Load(SetPq00), Is.EqualTo(0b01));
        Assert.That(notified, Is.EqualTo(new[] { Source }));
    }

    [Test]
    public void StoresToManagementPageTriggerAndSet()
    {
        pages.Write(Management + SetPq00, 8, 0);
        pages.Write(Management, 8, 0);
        Assert.That(notified, Is.EqualTo(new[] { Source }));
        Assert.That(log.Warnings, Is.Empty);
    }

    [TestCase(StoreEoi, 8, "store EOI")]
    [TestCase(Get, 8, "no operation")]
    [TestCase(SetPq00, 4, "8 bytes")]
    public void StoreWithoutMeaningIsToldOnce(ulong offset, int size, string why)
    {
        pages.Write(Management + offset, size, 0);
        pages.Write(Management + offset, size, 0);
        Assert.That(log.Warnings, Has.Count.EqualTo(1));
        Assert.That(log.Warnings[0], Does.Contain(why).And.Contain($"offset 0x{0x10000 + offset:x}"));
        Assert.That(Load(Get), Is.EqualTo(0b01));
    }

    [Test]
    public void LoadWithoutMeaningGivesOnes()
    {
        Assert.That(pages.Read(TriggerPage, 8), Is.EqualTo(ulong.MaxValue));
        Assert.That(pages.Read(Management + Get, 4), Is.EqualTo(ulong.MaxValue));
        Assert.That(log.Warnings, Has.Count.EqualTo(2));
    }

    // The value is in the last of the eight bytes, big-endian.
    private ulong Load(ulong offset) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(pages.Read(Management + offset, 8));
}
