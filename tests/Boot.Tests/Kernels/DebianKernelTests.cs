using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>
/// Debian's own ppc64el kernel package, as it is, as hypervisor and as a normal guest. Its configuration has neither side of the
/// Protected Execution Facility.
/// </summary>
public class DebianKernelTests
{
    private static readonly OtherKernel Plain = new("debian", "plain:up", ultravisor: false);

    [TestCase(@"Linux version 6.1.0-\d+-powerpc64le \(debian-kernel@lists.debian.org\)")]
    [TestCase(@"uvmem: hypervisor is up, Linux 6.1.0-\d+-powerpc64le ppc64le")]
    [TestCase(@"guest\| guest: Linux 6.1.0-\d+-powerpc64le ppc64le")]
    [TestCase("CASE up END ok")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string pattern) => Assert.That(Plain.Lines, Has.Some.Match(pattern));

    [Test]
    public void PowersOff() => Assert.That(Plain.End.End, Is.EqualTo(RunEnd.PowerOff), Plain.End.Message);
}
