using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>linux-source-6.12, from Debian's backports, as hypervisor and as secure guest. ./scripts/setup.sh --kernel 6.12 builds it.</summary>
public class NewerKernelTests
{
    private static readonly OtherKernel Secure = new("6.12", "secure", ultravisor: true);

    [TestCase("Linux version 6.12.")]
    [TestCase("KVMPPC-UVMEM: Secure Memory size 0x40000000")]
    [TestCase("LPID 1 went secure")]
    [TestCase("guest| guest: Linux 6.12.")]
    [TestCase("guest| /sys/devices/system/cpu/svm: 1")]
    [TestCase("DEMO PASS")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string text) => Secure.HasLine(text);

    [Test]
    public void PowersOff() => Assert.That(Secure.End.End, Is.EqualTo(RunEnd.PowerOff), Secure.End.Message);
}
