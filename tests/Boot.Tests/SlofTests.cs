using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Debian's SLOF as the guest's firmware, as QEMU uses it when it is not told otherwise: Open Firmware in Forth, in real mode.</summary>
public class SlofTests
{
    [TestCase("guest| SLOF")]
    [TestCase("of:SLOF,HEAD")]
    [TestCase("guest| Switching to secure mode.")]
    [TestCase("LPID 1 went secure")]
    [TestCase("guest| /sys/devices/system/cpu/svm: 1")]
    [TestCase("CASE slof END ok")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string text) => Boots.Slof.HasLine(text);

    [Test]
    public void PowersOff() => Assert.That(Boots.Slof.End.End, Is.EqualTo(RunEnd.PowerOff), Boots.Slof.End.Message);
}
