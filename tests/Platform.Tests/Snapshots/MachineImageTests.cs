using NUnit.Framework;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Platform.Tests.Snapshots;

/// <summary>Machines kept in memory: any number begin there, and none of them, nor the kept one, has to do with another.</summary>
internal sealed class MachineImageTests
{
    private const long Kept = 123_456;
    private const long End = 1_700_000;

    private TemporaryFiles files = null!;

    [SetUp]
    public void MakeFiles() => files = new TemporaryFiles();

    [TearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void EachGoesOnAsTheKeptOne()
    {
        using SnapshotMachine plain = SnapshotMachine.Boot(files).Run(End);
        using SnapshotMachine kept = SnapshotMachine.Boot(files).Run(Kept);
        var image = new MachineImage(kept.Machine);
        int before = kept.Console.Output.Length;
        kept.Run(End);
        using SnapshotMachine first = SnapshotMachine.Begin(image);
        using SnapshotMachine second = SnapshotMachine.Begin(image);
        first.Run(End / 2);
        second.Run(End);
        first.Run(End);
        foreach (SnapshotMachine one in new[] { first, second })
        {
            Assert.That(one.Counted, Is.EqualTo(plain.Counted));
            Assert.That(one.State, Is.EqualTo(plain.State));
            Assert.That(one.Console.Output, Is.EqualTo(plain.Console.Output[before..]).And.Not.Empty);
        }

        Assert.That(kept.State, Is.EqualTo(plain.State));
    }

    /// <summary>A machine that began at an image is kept again: what both have in common is there once, and each is whole.</summary>
    [Test]
    public void ImagesMayShare()
    {
        using SnapshotMachine plain = SnapshotMachine.Boot(files).Run(End);
        using SnapshotMachine kept = SnapshotMachine.Boot(files).Run(Kept);
        var image = new MachineImage(kept.Machine);
        using SnapshotMachine begun = SnapshotMachine.Begin(image).Run(End / 2);
        var later = new MachineImage(begun.Machine, image);
        foreach (MachineImage one in new[] { later, image })
        {
            using SnapshotMachine machine = SnapshotMachine.Begin(one).Run(End);
            Assert.That(machine.State, Is.EqualTo(plain.State));
            Assert.That(machine.Counted, Is.EqualTo(plain.Counted));
        }
    }

    /// <summary>A machine that ran on is taken back, and does the same again; with traces of code that changed in between, or is new.</summary>
    [Test]
    public void TakesAMachineBack([Values] bool translated)
    {
        using SnapshotMachine plain = SnapshotMachine.Boot(files, data: SnapshotMachine.DataApart).Run(End);
        using SnapshotMachine kept = SnapshotMachine.Boot(files, data: SnapshotMachine.DataApart);
        if (translated)
            kept.Machine.Translate(Power9.Tiers.Hotness.Eager);
        var first = new MachineImage(kept.Machine);
        kept.Run(Kept);
        var image = new MachineImage(kept.Machine);
        byte[] then = kept.State;
        foreach (MachineImage one in new[] { image, first, image })
        {
            kept.Run(End);
            kept.Machine.Translator?.WaitUntilIdle();
            Assert.That(kept.State, Is.EqualTo(plain.State));
            one.Return(kept.Machine);
        }

        Assert.That(kept.State, Is.EqualTo(then));
        kept.Machine.Memory.CopyIn(0x700_0000, [1, 2, 3]);
        image.Return(kept.Machine);
        Assert.That(kept.Run(End).State, Is.EqualTo(plain.State));
        Span<byte> bytes = stackalloc byte[3];
        kept.Machine.Memory.CopyOut(0x700_0000, bytes);
        Assert.That(bytes.ToArray(), Is.All.Zero);
        Assert.That(kept.Machine.Translator?.Installed, translated ? Is.GreaterThan(0) : Is.Null);
    }

    [Test]
    public void SettingsMayBeOthers()
    {
        using SnapshotMachine kept = SnapshotMachine.Boot(files);
        using SnapshotMachine other = SnapshotMachine.Begin(new MachineImage(kept.Machine), settings => settings with { LeftToDone = gpa => gpa == 0 });
        Assert.That(kept.Machine.Ultravisor!.Options.LeftToDone, Is.Null);
        Assert.That(other.Machine.Ultravisor!.Options, Is.EqualTo(new UltravisorOptions { LeftToDone = other.Machine.Ultravisor.Options.LeftToDone }));
        Assert.That(() => new MachineImage(other.Machine), Throws.InvalidOperationException);
    }

    /// <summary>Memory that is all zero costs nothing.</summary>
    [Test]
    public void IsNoLargerThanWhatIsUsed()
    {
        using SnapshotMachine kept = SnapshotMachine.Boot(files);
        Assert.That(new MachineImage(kept.Machine).Size, Is.LessThan(4L << 20));
    }
}
