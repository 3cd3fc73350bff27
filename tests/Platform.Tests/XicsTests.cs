using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Semantics of H_XIRR, H_CPPR, H_EOI and H_IPI (PAPR).</summary>
internal sealed class XicsTests
{
    private const uint SourceA = 0x10;
    private const uint SourceB = 0x11;
    private const byte Priority = 5;
    private const byte Open = 0xFF;

    private Xics xics = null!;
    private bool[] lines = null!;

    [SetUp]
    public void MakeTwoServers()
    {
        lines = new bool[2];
        xics = new Xics();
        xics.AddServer(0, level => lines[0] = level);
        xics.AddServer(4, level => lines[1] = level);
        xics.AddSource(SourceA);
        xics.AddSource(SourceB);
        xics.SetPriority(0, Open);
        xics.SetPriority(4, Open);
    }

    [Test]
    public void NothingPendingReadsAsZero()
    {
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo(0xFF000000));
        Assert.That(lines, Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public void SourceInterruptsItsServerUntilAccepted()
    {
        xics.SetRoute(SourceA, 4, Priority);
        xics.Raise(SourceA);
        Assert.That(lines, Is.EqualTo(new[] { false, true }));
        Assert.That(xics.Accept(4, peek: false), Is.EqualTo(0xFF000000 | SourceA));
        Assert.That(lines[1], Is.False);
        Assert.That(xics.EndOfInterrupt(4, 0xFF000000 | SourceA), Is.False);
        Assert.That(xics.Accept(4, peek: false), Is.EqualTo(0xFF000000));
    }

    [Test]
    public void PeekChangesNothing()
    {
        xics.SetRoute(SourceA, 0, Priority);
        xics.Raise(SourceA);
        Assert.That(xics.Accept(0, peek: true), Is.EqualTo(0xFF000000 | SourceA));
        Assert.That(lines[0], Is.True);
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo(0xFF000000 | SourceA));
    }

    [Test]
    public void EqualPriorityWaitsForTheEnd()
    {
        xics.SetRoute(SourceA, 0, Priority);
        xics.SetRoute(SourceB, 0, Priority);
        xics.Raise(SourceA);
        xics.Raise(SourceB);
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo(0xFF000000 | SourceA));
        Assert.That(lines[0], Is.False, "same priority as the one in service");
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo((uint)Priority << 24), "nothing below the CPPR");
        Assert.That(xics.EndOfInterrupt(0, 0xFF000000 | SourceA), Is.True);
        Assert.That(lines[0], Is.True);
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo(0xFF000000 | SourceB));
    }

    [Test]
    public void MoreFavouredInterruptNests()
    {
        xics.SetRoute(SourceA, 0, Priority);
        xics.SetRoute(SourceB, 0, Priority - 1);
        xics.Raise(SourceA);
        xics.Accept(0, peek: false);
        xics.Raise(SourceB);
        Assert.That(lines[0], Is.True);
        Assert.That(xics.Accept(0, peek: false), Is.EqualTo(((uint)Priority << 24) | SourceB));
        xics.EndOfInterrupt(0, ((uint)Priority << 24) | SourceB);
        Assert.That(xics.Accept(0, peek: true) >> 24, Is.EqualTo(Priority));
    }

    [Test]
    public void MaskedSourceIsLatched()
    {
        xics.SetRoute(SourceA, 0, Xics.Masked);
        xics.Raise(SourceA);
        Assert.That(lines[0], Is.False);
        xics.SetRoute(SourceA, 0, Priority);
        Assert.That(lines[0], Is.True);
    }

    [Test]
    public void PriorityHoldsInterruptsBack()
    {
        xics.SetPriority(0, 0);
        xics.SetRoute(SourceA, 0, Priority);
        xics.Raise(SourceA);
        Assert.That(lines[0], Is.False);
        xics.SetPriority(0, Open);
        Assert.That(lines[0], Is.True);
    }

    [Test]
    public void IpiStaysUntilItsRegisterIsCleared()
    {
        Assert.That(xics.SetIpi(4, 4), Is.True);
        Assert.That(lines, Is.EqualTo(new[] { false, true }));
        Assert.That(xics.Accept(4, peek: false), Is.EqualTo(0xFF000000 | Xics.Ipi));
        Assert.That(xics.EndOfInterrupt(4, 0xFF000000 | Xics.Ipi), Is.True, "MFRR still asks");
        xics.SetIpi(4, 0xFF);
        Assert.That(lines[1], Is.False);
    }

    [Test]
    public void UnknownNumbersAreRefused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(xics.SetRoute(0x99, 0, Priority), Is.False);
            Assert.That(xics.SetRoute(SourceA, 1, Priority), Is.False);
            Assert.That(xics.TryGetRoute(0x99, out _, out _), Is.False);
            Assert.That(xics.SetIpi(1, 4), Is.False);
        });
    }

    [Test]
    public void RouteReadsBack()
    {
        xics.SetRoute(SourceA, 4, Priority);
        Assert.That(xics.TryGetRoute(SourceA, out uint server, out byte priority), Is.True);
        Assert.That((server, priority), Is.EqualTo((4u, Priority)));
    }
}
