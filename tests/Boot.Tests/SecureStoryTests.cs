using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The main job: an unpatched Linux hypervisor, an unmodified QEMU, a guest that goes secure and shares pages.</summary>
public class SecureStoryTests
{
    private static readonly string[] CheckpointsOfTheDemo = ["secret-written", "paged-out", "paged-in", "shared", "swapped", "unshared", "shared-many", "end"];

    [TestCase("KVMPPC-UVMEM: Secure Memory size 0x40000000")]
    [TestCase("LPID 1 went secure")]
    [TestCase("guest| /sys/devices/system/cpu/svm: 1")]
    [TestCase("no piece of the secret; the guest still reads its data")]
    [TestCase("zeroed, the host read the guest's message, the guest read the host's answer")]
    [TestCase("out, the guest's touch brought it back unchanged")]
    [TestCase("zeroed, the host does not see the guest's new data")]
    [TestCase("demo: shared and unshared 16 frames in one call each")]
    [TestCase("CASE demo END ok")]
    [TestCase("reboot: Power down")]
    [TestCase("svmhost: QEMU ended with status 0")]
    [TestCase("DEMO PASS")]
    [TestCase("RUN PASS")]
    public void ConsoleShows(string text) => Boots.Secure.HasLine(text);

    [Test]
    public void HypervisorPowersOff()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Boots.Secure.End.End, Is.EqualTo(RunEnd.PowerOff), Boots.Secure.End.Message);
            Assert.That(Boots.Secure.Lines[^1].Text, Does.EndWith("reboot: Power down"));
            Assert.That(Boots.Secure.Warnings, Is.Empty);
        });
    }

    [Test]
    public void MarkerStandsNowhereInNormalMemory()
    {
        Assert.That(Boots.Secure.Checkpoints.Select(checkpoint => checkpoint.Name), Is.SupersetOf(CheckpointsOfTheDemo));
        Assert.That(Boots.Secure.Checkpoints, Is.All.Matches<Checkpoint>(checkpoint => checkpoint.Leaks.Count == 0));
    }

    /// <summary>The scan can find the marker: in a normal guest it is in plain sight.</summary>
    [Test]
    public void MarkerStandsInMemoryOfNormalGuest() =>
        Assert.That(Boots.Plain.Checkpoints.First(checkpoint => checkpoint.Name == "secret-written").Leaks, Is.Not.Empty);

    /// <summary>Frames in the hypervisor's own pool and frames that are SECURE for the ultravisor are as many at every moment of rest.</summary>
    [Test]
    public void HypervisorAndUltravisorAgree()
    {
        IEnumerable<Checkpoint> atRest = Boots.Secure.Checkpoints.Where(checkpoint => !Enum.TryParse<UltraCall>(checkpoint.Name, out _) && !Enum.TryParse<HCall>(checkpoint.Name, out _));
        Assert.Multiple(() =>
        {
            foreach (Checkpoint checkpoint in atRest)
                Assert.That(checkpoint.PoolUsed, Is.EqualTo(checkpoint.SecureFrames), checkpoint.Name);
            Assert.That(Boots.Secure.Checkpoints.Max(checkpoint => checkpoint.PoolUsed), Is.GreaterThan(0));
            Assert.That(Boots.Secure.Checkpoints[^1].PoolUsed, Is.Zero, "at the end");
        });
    }

    [Test]
    public void NobodyReachesIntoSecureMemory() =>
        Assert.That(Boots.Secure.Events, Has.None.Matches<UvEvent>(happened => happened.Kind == UvEventKind.Violation));

    /// <summary>The guest's kernel shares its bounce buffers by itself: 64 MiB in one call (kernel/dma/swiotlb.c, arch/powerpc/platforms/pseries/svm.c).</summary>
    [Test]
    public void GuestKernelSharesItsBounceBuffers() =>
        Assert.That(Boots.Secure.All.AllCalls(), Has.One.Match(@"^UV_SHARE_PAGE\(gfn=0x[0-9a-f]+, count=1024\) -> 0$"));
}
