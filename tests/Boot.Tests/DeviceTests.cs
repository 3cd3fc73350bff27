using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Linux;
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

    // Bytes of the file that each side reads in the other's folder, firmware/guest/tasks/9p.
    private const ulong Each9p = 1_000_003;

    // Bytes of the big file on the disk, and of TCP in each direction: 100 MiB.
    private const string Size = "104857600";

    private static readonly Lazy<BootRecord> LazyBoot = new(() => BootRecord.Of(new BootPlan { Name = "devices", Run = $"script:{Secure},{Normal} uvmem.big={Size} uvmem.stream={Size}", SecureMemory = 1UL << 30, CountBounces = true }));

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

    /// <summary>Read by the guest from its disk and by TCP, by the hypervisor by TCP and from the guest's disk.</summary>
    [Test]
    public void HundredMebibytesGoEachWay([Values(Secure, Normal)] string guest) =>
        Assert.That(Boot.Row(guest).Lines.Count(line => line.EndsWith($"bulk: {Size} bytes are right", StringComparison.Ordinal)), Is.EqualTo(4));

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

    /// <summary>
    /// What the guest's own counters say was moved, and no device moved without, all went through bounce buffers; the normal guest, which comes second and
    /// gets the same LPID, has none.
    /// </summary>
    [Test]
    public void AllBytesAreBounced()
    {
        (ulong read, ulong written) = Moved(@"blk: read (\d+) written (\d+) bytes");
        (ulong received, ulong sent) = Moved(@"net: received (\d+) sent (\d+) bytes");
        BounceCount count = Boot.Bounces[Boot.Row(Secure).Events.First(happened => happened.Kind == UvEventKind.UltraCall).Lpid];
        Assert.That(count.FromDevices, Is.GreaterThan(read + received + Each9p));
        Assert.That(count.ToDevices, Is.GreaterThan(written + sent + Each9p));
    }

    /// <summary>Registers of devices are no memory: the ultravisor asks the hypervisor for each access.</summary>
    [Test]
    public void DoorbellsGoThroughTheHypervisor() =>
        Assert.That(Boot.Row(Secure).Events, Has.Some.Matches<UvEvent>(happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_LOGICAL_CI_STORE }));

    [Test]
    public void PoolIsEmptyAtTheEnd() =>
        Assert.That(Boot.Row(Secure).At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);

    private static (ulong First, ulong Second) Moved(string pattern)
    {
        Match match = Boot.Row(Secure).Lines.Select(line => Regex.Match(line, pattern)).Single(found => found.Success);
        return (ulong.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), ulong.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }
}
