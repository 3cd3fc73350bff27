using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Rows;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Life;

/// <summary>What happens to SVMs in their lives. What host and guest saw is checked by them; here is what the ultravisor and the hypervisor's pool say.</summary>
public class LifeCycleTests
{
    private static readonly string[] SlotsOfHotplug =
    [
        "UV_REGISTER_MEM_SLOT(gpa=0x0, size=0x10000000, flags=0, slot=0) -> 0",
        "UV_REGISTER_MEM_SLOT(gpa=0x40000000, size=0x10000000, flags=0, slot=1) -> 0",
        "UV_UNREGISTER_MEM_SLOT(slot=1) -> 0",
    ];

    // The second guest does not fit, until the first has ended.
    private static readonly bool[] FirstFits = [true, false, true];

    private static BootRecord[] Boots => [LifeBoots.Reboots, LifeBoots.OneGuest, LifeBoots.Crowd, LifeBoots.Exhausted];

    [TestCase("kexec")]
    [TestCase("panic")]
    [TestCase("hotplug")]
    [TestCase("balloon")]
    [TestCase("normal-balloon")]
    [TestCase("memory")]
    [TestCase("normal-memory")]
    [TestCase("pressure")]
    [TestCase("no-bounce")]
    public void HostAndGuestSayOk(string script) => IsOk(LifeBoots.OneGuest, script);

    [Test]
    public void RebootsAreOk() => IsOk(LifeBoots.Reboots, "reboot");

    [Test]
    public void NothingIsLeft()
    {
        Assert.Multiple(() =>
        {
            foreach (BootRecord boot in Boots)
            {
                Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
                Assert.That(boot.Warnings, Is.Empty, boot.Name);
                Assert.That(boot.Checkpoints[^1].PoolUsed, Is.Zero, boot.Name);
                Assert.That(boot.Checkpoints[^1].State.Differences(), Is.Empty, boot.Name);
                Assert.That(boot.Events, Has.None.Matches<UvEvent>(happened => happened.Kind == UvEventKind.Violation), boot.Name);
                boot.HasLine("RUN PASS");
            }
        });
    }

    /// <summary>Until the first normal guest puts its own there.</summary>
    [Test]
    public void MarkerStandsNowhereInNormalMemory()
    {
        int normal = LifeBoots.OneGuest.Row("normal-balloon").FirstEvent;
        Checkpoint[] secure = [.. LifeBoots.OneGuest.Checkpoints.Where(checkpoint => checkpoint.Event < normal), .. LifeBoots.Reboots.Checkpoints, .. LifeBoots.Exhausted.Checkpoints];
        Assert.That(secure, Has.Length.GreaterThan(100).And.All.Matches<Checkpoint>(checkpoint => checkpoint.Leaks.Count == 0));
    }

    /// <summary>First boot, resets, a reboot of the guest's own; each life ends with an empty pool (rows D1 and T3).</summary>
    [Test]
    public void EachRebootIsANewSvm()
    {
        Segment row = LifeBoots.Reboots.Row("reboot");
        Checkpoint[] ends = [.. row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(UltraCall.UV_SVM_TERMINATE))];
        Assert.Multiple(() =>
        {
            Assert.That(Calls(row, UltraCall.UV_ESM), Has.Length.EqualTo(LifeBoots.Resets + 2).And.All.Matches<UvEvent>(call => call.Result == UReturn.U_SUCCESS));
            Assert.That(ends, Has.Length.EqualTo(LifeBoots.Resets + 2));
            Assert.That(ends, Is.All.Matches<Checkpoint>(end => end is { PoolUsed: 0, SecureFrames: 0 }));
        });
    }

    /// <summary>arch/powerpc/kexec/core_64.c, default_machine_kexec: the old kernel unshares all; the new one is in the same SVM and shares anew.</summary>
    [Test]
    public void KernelStartedByKexecIsInTheSameSvm()
    {
        Segment row = LifeBoots.OneGuest.Row("kexec");
        IReadOnlyList<string> calls = row.AllCalls();
        int unshare = calls.ToList().FindIndex(call => call.StartsWith("UV_UNSHARE_ALL_PAGES", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(calls, Has.One.EqualTo("UV_ESM -> 0"));
            Assert.That(calls[unshare], Is.EqualTo("UV_UNSHARE_ALL_PAGES() -> 0"));
            Assert.That(calls.Skip(unshare), Has.One.Match("^UV_SHARE_PAGE.*count=1024\\) -> 0$"), "the new kernel's bounce buffers");
            Assert.That(row.Lines.Count(line => line == "guest| /sys/devices/system/cpu/svm: 1"), Is.EqualTo(2));
        });
    }

    [Test]
    public void PanicIsToldToQemu()
    {
        Segment row = LifeBoots.OneGuest.Row("panic");
        row.Line("OS terminated: OS panic: sysrq triggered crash");
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
    }

    /// <summary>
    /// A slot that comes and goes while the SVM runs (kvmppc_uvmem_memslot_create and _delete). QEMU puts such memory at the next GiB (hw/ppc/spapr.c,
    /// SPAPR_DEVICE_MEM_ALIGN).
    /// </summary>
    [Test]
    public void MemoryIsAddedAndRemoved()
    {
        Segment row = LifeBoots.OneGuest.Row("hotplug");
        Assert.That(
            row.AllCalls().Where(call => call.Contains("MEM_SLOT", StringComparison.Ordinal)),
            Is.EqualTo(SlotsOfHotplug));
        Assert.That(row.At(nameof(UltraCall.UV_SVM_TERMINATE)).PoolUsed, Is.Zero);
    }

    /// <summary>drivers/virtio/virtio_balloon.c, virtballoon_validate: the driver takes VIRTIO_F_ACCESS_PLATFORM back, and QEMU does not give a device without it.</summary>
    [Test]
    public void BalloonIsRefusedInSvm()
    {
        LifeBoots.OneGuest.Row("balloon").Line("virtio_balloon virtio0: virtio: device refuses features");
        LifeBoots.OneGuest.Row("normal-balloon").Line("balloon: free memory went from");
    }

    /// <summary>The hypervisor moves its page of a shared frame: unmapped (row U1), then faulted in again at its new place (row U2).</summary>
    [Test]
    public void SharedPageIsMoved()
    {
        Segment row = LifeBoots.OneGuest.Row("memory");
        ulong gpa = row.FrameNamed("memory: the hypervisor moved");
        string[] expected = ["UV_SHARE_PAGE(gfn=N, count=64) -> 0", .. Sequence.HostUnmaps, .. Sequence.GuestTouchesUnmapped];
        Assert.That(row.Calls(gpa).SkipWhile(call => call != expected[0]).Take(expected.Length), Is.EqualTo(expected));
        Assert.That(row.States(gpa), Does.StartWith("SECURE HV_SHARING HV_SHARED SHARED SHARED_INV SHARED"));
    }

    /// <summary>kvmppc_memslot_page_merge: becoming secure takes the memory out of KSM, whatever QEMU has asked for.</summary>
    [Test]
    public void KsmLeavesSvmAlone()
    {
        Assert.That(LifeBoots.OneGuest.Row("memory").Lines, Has.One.Match("^action.*mergeable=0 merged=0$"));
        Assert.That(LifeBoots.OneGuest.Row("normal-memory").Lines, Has.One.Match("^action.*mergeable=1 merged=[1-9][0-9]+$"));
    }

    /// <summary>Shared pages are swapped like any; nothing takes secure pages under pressure, for device memory is on no list of the reclaimer.</summary>
    [Test]
    public void PressureTakesSharedPagesOnly()
    {
        Segment row = LifeBoots.OneGuest.Row("pressure");
        Assert.Multiple(() =>
        {
            Assert.That(Calls(row, UltraCall.UV_PAGE_OUT), Is.Empty);
            Assert.That(Calls(row, UltraCall.UV_PAGE_INVAL).Count(call => call.Result == UReturn.U_SUCCESS), Is.GreaterThan(1));
        });
    }

    /// <summary>
    /// The device writes to the ciphertext of a page, which the ultravisor then refuses for ever; or it takes ciphertext for a queue. Either way no secret
    /// leaves and nothing false comes back.
    /// </summary>
    [Test]
    public void DeviceWithoutBounceBuffersIsHarmless()
    {
        Segment row = LifeBoots.OneGuest.Row("no-bounce");
        UvEvent[] looks = Calls(row, UltraCall.UV_PAGE_OUT);
        Assert.That(looks, Has.Length.EqualTo(2), "pages that QEMU reached for, one in each guest");
        UvEvent[] events = [.. row.Events];
        int end = Array.FindIndex(events, happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_SVM_TERMINATE });
        UvEvent[] spoilt = [.. events[..end].Where(happened => IsAnswer(happened, looks[0]))];
        UvEvent[] read = [.. events[end..].Where(happened => IsAnswer(happened, looks[1]))];
        Assert.Multiple(() =>
        {
            Assert.That(spoilt, Has.Length.GreaterThan(2).And.All.Matches<UvEvent>(call => call.Result == UReturn.U_P3), "the guest tries again and again");
            Assert.That(read.Select(call => call.Result), Is.EqualTo(new[] { UReturn.U_SUCCESS }));
            row.Line("Guest moved used index from 0 to");
        });

        // UV_PAGE_IN of the page after the look.
        static bool IsAnswer(UvEvent happened, UvEvent look) =>
            happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_PAGE_IN } && happened.Args[2] == look.Args[2] && happened.Instruction > look.Instruction;
    }

    [Test]
    public void CrowdIsOk() => IsOk(LifeBoots.Crowd, "crowd");

    /// <summary>UV_SVM_TERMINATE of one SVM, by kill or reset, leaves the others as they are.</summary>
    [Test]
    public void SvmEndsWhileOthersRun()
    {
        Segment row = LifeBoots.Crowd.Row("crowd");
        Checkpoint[] ends = [.. row.Checkpoints.Where(checkpoint => checkpoint.Name == nameof(UltraCall.UV_SVM_TERMINATE))];
        Assert.Multiple(() =>
        {
            Assert.That(Calls(row, UltraCall.UV_ESM).Select(call => call.Result), Is.EqualTo(Enumerable.Repeat(UReturn.U_SUCCESS, 5)), "four, and one after its reset");
            Assert.That(Calls(row, UltraCall.UV_ESM).Select(call => call.Lpid).Distinct().Count(), Is.EqualTo(4));
            Assert.That(ends, Has.Length.EqualTo(5));
            Assert.That(ends[0].SecureFrames, Is.GreaterThan(3 * 3000), "three others run");
            Assert.That(ends[^1].PoolUsed, Is.Zero);
            Assert.That(row.Lines, Has.One.Match("svm2: svmhost: QEMU ended with status 137"));
        });
    }

    [Test]
    public void ExhaustedIsOk() => IsOk(LifeBoots.Exhausted, "exhausted");

    /// <summary>Guest and host say so, and the guest that is there already loses nothing.</summary>
    [Test]
    public void SecondSvmIsRefusedIfSecureMemoryIsShort()
    {
        Segment row = LifeBoots.Exhausted.Row("exhausted");
        UvEvent[] slots = Calls(row, UltraCall.UV_REGISTER_MEM_SLOT);
        Assert.Multiple(() =>
        {
            Assert.That(slots.Select(call => call.Result == UReturn.U_SUCCESS), Is.EqualTo(FirstFits));
            row.Line("OS terminated: Switch to secure mode failed.");
            row.Line("second: CASE A9 END ok");
            row.Line("CASE task:crowded END ok");
            row.Line("CASE P15 END ok");
        });
    }

    private static void IsOk(BootRecord boot, string script) => Assert.That(boot.Row(script).Lines.Last(), Is.EqualTo($"CASE {script} END ok"));

    private static UvEvent[] Calls(Segment row, UltraCall call) =>
        [.. row.Events.Where(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call)];
}
