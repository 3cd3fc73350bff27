using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>
/// Guests with virtio devices: a secure one, through its bounce buffers, and a normal one (scripts devices and normal-devices of firmware/host/scripts).
/// What each side sent, the other side has checked byte for byte; the disk is checked by e2fsck and from its files after the guest has ended.
/// </summary>
public class DeviceTests
{
    private const string Secure = "devices";
    private const string Normal = "normal-devices";

    private static readonly Lazy<BootRecord> LazyBoot = new(() => BootRecord.Of(new BootPlan { Name = "devices", Run = $"script:{Secure},{Normal}", SecureMemory = 1UL << 30 }));

    private static BootRecord Boot => LazyBoot.Value;

    [Test]
    public void HypervisorPowersOff()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Boot.End.End, Is.EqualTo(RunEnd.PowerOff), Boot.End.Message);
            Assert.That(Boot.Warnings, Is.Empty);
            Boot.HasLine("RUN PASS");
        });
    }

    [Test]
    public void DeviceWorks([Values(Secure, Normal)] string guest, [Values("blk", "net", "console", "9p", "rng")] string device) =>
        Assert.That(Boot.Row(guest).Lines, Has.One.EqualTo($"CASE task:{device} END ok"));

    [TestCase(Secure, 1)]
    [TestCase(Normal, 0)]
    public void GuestIs(string guest, int svm) => Assert.That(Boot.Row(guest).Lines, Has.One.EqualTo($"guest| /sys/devices/system/cpu/svm: {svm}"));

    /// <summary>The script goes on to its last check, of the disk and of the folder, only if all before were right.</summary>
    [Test]
    public void WhatTheGuestLeftIsRight([Values(Secure, Normal)] string guest) =>
        Assert.That(Boot.Row(guest).Lines.Last(), Is.EqualTo($"CASE {guest} END ok"));

    /// <summary>QEMU reaches nothing but shared pages: a look at a secure one would page it out (row F1).</summary>
    [Test]
    public void DevicesSeeNoSecurePage()
    {
        Segment secure = Boot.Row(Secure);
        Assert.Multiple(() =>
        {
            Assert.That(secure.Events, Has.None.Matches<UvEvent>(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_PAGE_OUT }));
            Assert.That(secure.Events, Has.None.Matches<UvEvent>(happened => happened.Kind == UvEventKind.Violation));
            Assert.That(secure.AllCalls(), Has.One.Match(@"^UV_SHARE_PAGE\(gfn=0x[0-9a-f]+, count=1024\) -> 0$"), "bounce buffers");
        });
    }

    /// <summary>Registers of devices are no memory: the ultravisor asks the hypervisor for each access.</summary>
    [Test]
    public void DoorbellsGoThroughTheHypervisor() =>
        Assert.That(Boot.Row(Secure).Events, Has.Some.Matches<UvEvent>(happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_LOGICAL_CI_STORE }));

    [Test]
    public void PoolIsEmptyAtTheEnd() =>
        Assert.That(Boot.Row(Secure).At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
}
