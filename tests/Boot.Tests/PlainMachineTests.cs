using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The same machine without an ultravisor is a plain POWER9.</summary>
public class PlainMachineTests
{
    [TestCase("KVMPPC-UVMEM: No support for secure guests")]
    [TestCase("demo: no ultravisor: sc 2 reached the hypervisor, H_FUNCTION")]
    [TestCase("CASE no-ultravisor END ok")]
    [TestCase("guest| /sys/devices/system/cpu/svm: 0")]
    [TestCase("demo: not secure: the host sees the secret")]
    [TestCase("demo: not secure: host and guest read each other's writes")]
    [TestCase("CASE demo END ok")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string text) => Boots.Plain.HasLine(text);

    [Test]
    public void PowersOff()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Boots.Plain.End.End, Is.EqualTo(RunEnd.PowerOff), Boots.Plain.End.Message);
            Assert.That(Boots.Plain.Warnings, Is.Empty);
            Assert.That(Boots.Plain.Events, Is.Empty);
        });
    }
}
