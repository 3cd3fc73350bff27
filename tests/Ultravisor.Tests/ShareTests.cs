using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>Sequences of sharing and unsharing with the hypervisor's part.</summary>
public unsafe class ShareTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Gpa = 8 * Frame;

    // Row S1.
    [Test]
    public void SharedPageIsTheHypervisorsAndZero()
    {
        using Bench bench = Filled();
        bench.Bytes(Bench.PageOf(Gpa), Frame).Fill(0xAB);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.Log.Calls, Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=1, order=16)",
            "UV_PAGE_IN(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
            "UV_SHARE_PAGE(gfn=0x8, count=1) -> 0",
        }));
        Assert.That(bench.Bytes(Bench.PageOf(Gpa), Frame).ToArray(), Is.All.Zero, "stale host data must not reach the guest");
        bench.Bytes(Bench.PageOf(Gpa), Frame)[100] = 0x77;
        Assert.That(bench.GuestBytes(Gpa + 100, 1)[0], Is.EqualTo(0x77), "host and guest see one page");
        Assert.That(bench.FrameAt(Gpa).Secure, Is.Zero);
    }

    [Test]
    public void StatesPassInOrder()
    {
        using Bench bench = Filled();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 8, 1);
        Assert.That(
            bench.Log.Events.Where(e => e.Kind == UvEventKind.PageState).Select(e => e.To),
            Is.EqualTo(new[]
            {
                PageState.HV_SHARING, PageState.HV_SHARED, PageState.SHARED,
                PageState.HV_UNSHARING, PageState.HV_UNSHARING_INV, PageState.HV_UNSHARING, PageState.HV_UNSHARED, PageState.SECURE,
            }));
    }

    // Row P20.
    [Test]
    public void UnsharedPageIsZeroAndTheHypervisorSeesNoMore()
    {
        using Bench bench = Filled();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        bench.Bytes(Bench.PageOf(Gpa), Frame).Fill(0x66);
        bench.Log.Clear();
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.Log.Calls, Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=0, order=16)",
            "UV_PAGE_INVAL(gpa=0x80000, order=16) -> 0",
            "UV_PAGE_IN(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
            "UV_UNSHARE_PAGE(gfn=0x8, count=1) -> 0",
        }));
        Touch(bench, Gpa);
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.All.Zero);
        bench.Bytes(bench.FrameAt(Gpa).Secure, Frame).Fill(0x99);
        Assert.That(bench.Bytes(Bench.PageOf(Gpa), Frame).Contains((byte)0x99), Is.False);
    }

    // Row P21: the hypervisor has no page and gives none.
    [Test]
    public void UnshareOfUnpopulatedPageSucceeds()
    {
        using Bench bench = Filled();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        bench.Holes.Add(Gpa);
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.SECURE));
    }

    // Row S14.
    [Test]
    public void ManyFramesAreSharedInAscendingOrder()
    {
        using Bench bench = Filled();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 0, 64), Is.Zero);
        string[] asked = [.. bench.Log.Calls.Where(call => call.StartsWith("uv calls", StringComparison.Ordinal))];
        Assert.That(asked, Is.EqualTo(Enumerable.Range(0, 64).Select(n => $"uv calls H_SVM_PAGE_IN(gpa=0x{n * 0x10000:x}, flags=1, order=16)")));
        Assert.That(bench.Svm.CountByState()[(int)PageState.SHARED], Is.EqualTo(64));
    }

    // Row S15.
    [Test]
    public void RefusalInTheMiddleReverts([Values(0, 1, 5)] int failing)
    {
        using Bench bench = Filled();
        int asked = 0;
        bench.Hook = (call, arguments) => call == HCall.H_SVM_PAGE_IN && arguments[1] == 1 && asked++ == failing ? UReturn.U_PARAMETER : null;
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 8), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.Svm.CountByState()[(int)PageState.SECURE], Is.EqualTo(64));
        int reverted = bench.Log.Calls.Count(call => call.Contains("flags=0", StringComparison.Ordinal) && call.StartsWith("uv calls", StringComparison.Ordinal));
        Assert.That(reverted, Is.EqualTo(failing));
        for (ulong gpa = Gpa; gpa < Gpa + (8 * Frame); gpa += Frame)
            Assert.That(bench.GuestBytes(gpa, (int)Frame).ToArray(), Is.All.EqualTo((byte)(1 + (gpa / Frame))), "content is as before");
    }

    [Test]
    public void SuccessWithoutAPageIsARefusal()
    {
        using Bench bench = Filled();
        bench.Hook = (call, _) => call == HCall.H_SVM_PAGE_IN ? 0 : null;
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.GuestBytes(Gpa, 4).ToArray(), Is.All.EqualTo(9));
    }

    // Row P8b: the hypervisor holds on to a pinned page. The firmware kills the SVM; the model answers U_P2.
    [Test]
    public void RefusedUnshareLeavesThePageShared()
    {
        using Bench bench = Filled();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2);
        bench.Hook = (call, arguments) => call == HCall.H_SVM_PAGE_IN && arguments[0] == Gpa + Frame ? UReturn.U_PARAMETER : null;
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 8, 2), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.SECURE));
        Assert.That(bench.FrameAt(Gpa + Frame).State, Is.EqualTo(PageState.SHARED));
        bench.Bytes(Bench.PageOf(Gpa + Frame), 1)[0] = 0x42;
        Assert.That(bench.GuestBytes(Gpa + Frame, 1)[0], Is.EqualTo(0x42));
    }

    // Row S5.
    [Test]
    public void PagedOutFrameComesInFirst()
    {
        using Bench bench = Filled();
        PageOut(bench, Gpa);
        bench.Log.Clear();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.Log.Calls, Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=0, order=16)",
            "UV_PAGE_INVAL(gpa=0x80000, order=16) -> -55 (U_P2)",
            "UV_PAGE_IN(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=1, order=16)",
            "UV_PAGE_IN(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
            "UV_SHARE_PAGE(gfn=0x8, count=1) -> 0",
        }));
    }

    // The firmware destroys such a page (its seal is dropped); the model keeps it.
    [Test]
    public void UnshareKeepsPagedOutAndSecureContent()
    {
        using Bench bench = Filled();
        PageOut(bench, Gpa);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 9, 1);
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 7, 4), Is.Zero);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.PAGEDOUT));
        Touch(bench, Gpa);
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.All.EqualTo(9));
        Assert.That(bench.GuestBytes(7 * Frame, 4).ToArray(), Is.All.EqualTo(8));
    }

    [Test]
    public void UnshareAllTakesExplicitSharesOnly()
    {
        using Bench bench = new Bench().GoSecure();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 3);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 20, 1);
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_ALL_PAGES), Is.Zero);
        long[] counts = bench.Svm.CountByState();
        Assert.That(counts[(int)PageState.SHARED], Is.Zero);
        Assert.That(counts[(int)PageState.SHARED_IMPLICIT], Is.EqualTo(6));
        Assert.That(counts[(int)PageState.SECURE], Is.EqualTo(58));
    }

    // Rows U1 and U2: the hypervisor takes a shared page away; the guest's touch goes to it, and content stays.
    [Test]
    public void InvalidatedPageComesBackThroughAReflectedFault()
    {
        using Bench bench = Filled();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        bench.Bytes(Bench.PageOf(Gpa), Frame).Fill(0x31);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, Gpa, 16), Is.Zero);
        Assert.That(bench.GuestBytes(Gpa, 1).IsEmpty, Is.True);

        bench.Bytes(Bench.PageOf(Gpa), Frame).CopyTo(bench.Bytes(Bench.SparePage, Frame));
        bench.EnterGuest();
        (bench.S->Spr[SprNumber.ASDR], bench.S->Spr[SprNumber.HDAR], bench.S->Spr[SprNumber.HDSISR]) = (Gpa, 0xC000000000080010, 0x40000000);
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, 0x4100, 0);
        Assert.That(bench.InHypervisor, Is.True);
        Assert.That(bench.S->Nia, Is.EqualTo(0xE00));
        Assert.That(bench.S->Spr[SprNumber.ASDR], Is.EqualTo(Gpa));
        Assert.That(bench.S->Spr[SprNumber.HDAR], Is.EqualTo(0xC000000000080010));
        Assert.That(bench.S->Spr[SprNumber.HDSISR], Is.EqualTo(0x40000000));
        bench.TakeExit();
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.Zero);
        bench.ReturnSecure(0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x4100));
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.All.EqualTo(0x31), "not zeroed");
    }

    // The hypervisor takes the page back before the share is complete.
    [Test]
    public void PageTakenAwayDuringShareIsZeroedWhenItReturns()
    {
        using Bench bench = Filled();
        bench.Hook = (call, arguments) =>
        {
            if (call != HCall.H_SVM_PAGE_IN)
                return null;
            bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16);
            bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, Gpa, 16);
            return 0;
        };
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.SHARED_INV));
        Assert.That(bench.GuestBytes(Gpa, 1).IsEmpty, Is.True);
        bench.Bytes(Bench.SparePage, Frame).Fill(0xEE);
        bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16);
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.All.Zero);
    }

    [TestCase(0x40UL, 1UL)]
    [TestCase(0x3FUL, 2UL)]
    [TestCase(0UL, 65UL)]
    [TestCase(0UL, ulong.MaxValue)]
    [TestCase(ulong.MaxValue, 1UL)]
    [TestCase(ulong.MaxValue, ulong.MaxValue)]
    public void RangesOutsideOfSlotsAreRefused(ulong gfn, ulong count)
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, gfn, count), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, gfn, count), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.Svm.CountByState()[(int)PageState.SECURE], Is.EqualTo(64));
    }

    [Test]
    public void EmptyRangeSucceeds()
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 3, 0), Is.Zero);
        Assert.That(bench.Log.Calls, Has.Count.EqualTo(1));
    }

    // Row S16.
    [Test]
    public void RangeMayStraddleSlots()
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Bench.Lpid, Bench.GuestSize, 4 * Frame, 0, 1), Is.Zero);
        bench.Hook = (call, arguments) =>
            call == HCall.H_SVM_PAGE_IN ? bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(arguments[0]), arguments[0], 0, 16) : null;
        bench.EnterGuest();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 62, 4), Is.Zero);
        Assert.That(bench.Svm.CountByState()[(int)PageState.SHARED], Is.EqualTo(4));
    }

    [Test]
    public void OnlyTheSecureKernelMayShare()
    {
        using Bench bench = new Bench().Running();
        bench.EnterGuest(more: Msr.PR | Msr.EE);
        Assert.That(bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 1, 1), Is.EqualTo(UReturn.U_PERMISSION));
        Assert.That(bench.HvCall(UltraCall.UV_SHARE_PAGE, 1, 1), Is.EqualTo(UReturn.U_PERMISSION));
        bench.Cpu.SetMsr(Msr.SF | Msr.ME);
        Assert.That(bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 1, 1), Is.EqualTo(UReturn.U_PERMISSION));
    }

    [Test]
    public void OtherRegistersOfTheCallerStay()
    {
        using Bench bench = Filled();
        bench.EnterGuest();
        for (int n = 6; n < 32; n++)
            bench.S->Gpr[n] = (ulong)(0x100 + n);
        bench.S->CrWord = 0xABCD1234;
        bench.S->Spr[SprNumber.LR] = 0x77;
        bench.S->Vsr[9] = 0x1234567;
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        for (int n = 6; n < 32; n++)
            Assert.That(bench.S->Gpr[n], Is.EqualTo((ulong)(0x100 + n)), $"r{n}");
        Assert.That(bench.S->CrWord, Is.EqualTo(0xABCD1234));
        Assert.That(bench.S->Spr[SprNumber.LR], Is.EqualTo(0x77));
        Assert.That(bench.S->Vsr[9], Is.EqualTo(0x1234567));
        Assert.That(bench.S->Nia, Is.EqualTo(0x4004));
    }

    // A running SVM whose frame n is filled with n + 1.
    private static Bench Filled()
    {
        Bench bench = new Bench().Running();
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
        {
            bench.Uv.Pages.EnsureSecure(bench.Svm, gpa, ref bench.FrameAt(gpa));
            bench.Bytes(bench.FrameAt(gpa).Secure, Frame).Fill((byte)(1 + (gpa / Frame)));
        }

        return bench;
    }

    // As a touch by QEMU does: migrate_to_ram, then UV_PAGE_OUT.
    private static void PageOut(Bench bench, ulong gpa)
    {
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(gpa), gpa, 0, 16), Is.Zero);
        bench.Device.Remove(gpa);
        bench.EnterGuest();
    }

    private static void Touch(Bench bench, ulong gpa)
    {
        bench.EnterGuest();
        bench.S->Spr[SprNumber.ASDR] = gpa;
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, 0x4000, 0);
        bench.Serve();
    }
}
