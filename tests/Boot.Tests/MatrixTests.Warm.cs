using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Rows;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Rows begin at a kept machine: they are the same each time, whatever ran before, and the same as without keeping.</summary>
public partial class MatrixTests
{
    // One that pages out and in, one in which gates hold one of two processors, one whose guest boots in it.
    [TestCase("F1", "E6")]
    [TestCase("S9", "S17")]
    [TestCase("A4", "S1")]
    public void ARowIsTheSameEachTime(string name, string other)
    {
        Row row = Matrix.Find(name)!, before = Matrix.Find(other)!;
        BootRecord first = row.On.Run(row);
        before.On.Run(before);
        AreEqual(row.On.Run(row), first);
    }

    /// <summary>A machine that runs on, rows typed when they are asked for, does what the kept one and those that begin there do.</summary>
    [Test]
    public void KeepingChangesNothing()
    {
        Row row = Matrix.Find("F1")!;
        BootRecord warm = row.On.Boot(row);
        WarmMachine machine = row.On.Warm;
        var through = BootRecord.Of(machine.PowerOn("through") with { Typed = [row.On.Ready, row.Word] });
        AreEqual(through, warm);
        Assert.That(through.Output, Is.EqualTo((byte[])[.. machine.Boot(null).Output, .. machine.Boot(row.On.Ready).Output, .. warm.Output]));
    }

    private static void AreEqual(BootRecord one, BootRecord other) => Assert.Multiple(() =>
    {
        Assert.That(one.Instructions, Is.EqualTo(other.Instructions));
        Assert.That(one.Events.Select(happened => EventText.Format(happened)), Is.EqualTo(other.Events.Select(happened => EventText.Format(happened))));
        Assert.That(one.Lines, Is.EqualTo(other.Lines));
        Assert.That(one.End.End, Is.EqualTo(RunEnd.TextFound));
    });
}
