using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Hash translation: <c>disable_radix</c> in the hypervisor, which then runs hash guests only, and in the guest of a radix hypervisor.</summary>
public class HashTests
{
    private const string Started = "hash-mmu: Initializing hash mmu with SLB";

    [TestCase(Started)]
    [TestCase("guest| [    0.000000] " + Started)]
    [TestCase("CASE no-ultravisor END ok")]
    [TestCase("demo: not secure: host and guest read each other's writes")]
    [TestCase("CASE demo END ok")]
    [TestCase("RUN PASS")]
    public void InBoth(string text) => Boots.Hash.HasLine(text);

    [TestCase("radix-mmu: Initializing Radix MMU")]
    [TestCase("guest| [    0.000000] " + Started)]
    [TestCase("CASE no-ultravisor END ok")]
    [TestCase("demo: not secure: host and guest read each other's writes")]
    [TestCase("CASE demo END ok")]
    [TestCase("RUN PASS")]
    public void InTheGuest(string text) => Boots.HashGuest.HasLine(text);

    [TestCase(Started)]
    [TestCase("guest| [    0.000000] " + Started)]
    [TestCase("CASE demo END ok")]
    [TestCase("RUN PASS")]
    public void UnderAnUltravisor(string text) => Boots.HashUnderUltravisor.HasLine(text);

    [Test]
    public void PowerOff()
    {
        foreach (BootRecord boot in (BootRecord[])[Boots.Hash, Boots.HashGuest, Boots.HashUnderUltravisor])
        {
            Assert.Multiple(() =>
            {
                Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
                Assert.That(boot.Warnings, Is.Empty);
            });
        }
    }
}
