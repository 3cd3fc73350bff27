using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>A big-endian kernel, with a big-endian program, as a normal guest of the usual hypervisor. ./scripts/setup.sh --kernel big-endian builds it.</summary>
public class BigEndianKernelTests
{
    private static readonly OtherKernel Plain = new("big-endian", "plain:up", ultravisor: false);

    [TestCase(@"guest\| guest: Linux 6\.1\.\d+ ppc64, big-endian")]
    [TestCase("CASE up END ok")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string pattern) => Assert.That(Plain.Lines, Has.Some.Match(pattern));

    [Test]
    public void PowersOff() => Assert.That(Plain.End.End, Is.EqualTo(RunEnd.PowerOff), Plain.End.Message);
}
