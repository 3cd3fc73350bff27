using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;
using static RenodeUvmem.Ultravisor.Pages.PageState;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>
/// Each cell of the table of page states by call. Rows are what the PEF firmware's code does (core/svm_host.c), without its defects.
/// A frame is put into its state by hand, then one call is made.
/// </summary>
public class PageStateTableTests
{
    private const ulong Gpa = 5 * Bench.Frame;
    private const ulong Gfn = Gpa / Bench.Frame;

    // State; UV_PAGE_IN result and state; UV_PAGE_OUT; UV_PAGE_INVAL.
    internal static readonly object[] HypervisorCalls =
    [
        new object[] { SECURE, UReturn.U_P2, SECURE, 0L, PAGEDOUT, UReturn.U_P2, SECURE },
        new object[] { PAGEDOUT, 0L, SECURE, UReturn.U_PARAMETER, PAGEDOUT, UReturn.U_P2, PAGEDOUT },
        new object[] { HV_SHARING, 0L, HV_SHARED, UReturn.U_PARAMETER, HV_SHARING, UReturn.U_P2, HV_SHARING },
        new object[] { HV_SHARED, 0L, HV_SHARED, UReturn.U_PARAMETER, HV_SHARED, 0L, HV_SHARED_INV },
        new object[] { HV_SHARED_INV, 0L, HV_SHARED, UReturn.U_PARAMETER, HV_SHARED_INV, 0L, HV_SHARED_INV },
        new object[] { SHARED, 0L, SHARED, UReturn.U_PARAMETER, SHARED, 0L, SHARED_INV },
        new object[] { SHARED_INV, 0L, SHARED, UReturn.U_PARAMETER, SHARED_INV, 0L, SHARED_INV },
        new object[] { SHARED_IMPLICIT, 0L, SHARED_IMPLICIT, UReturn.U_PARAMETER, SHARED_IMPLICIT, 0L, SHARED_IMPLICIT_INV },
        new object[] { SHARED_IMPLICIT_INV, 0L, SHARED_IMPLICIT, UReturn.U_PARAMETER, SHARED_IMPLICIT_INV, 0L, SHARED_IMPLICIT_INV },
        new object[] { PSEUDO_SHARED, 0L, PSEUDO_SHARED, UReturn.U_PARAMETER, PSEUDO_SHARED, 0L, PSEUDO_SHARED_INV },
        new object[] { PSEUDO_SHARED_INV, 0L, PSEUDO_SHARED, UReturn.U_PARAMETER, PSEUDO_SHARED_INV, 0L, PSEUDO_SHARED_INV },
        new object[] { HV_UNSHARING, 0L, HV_UNSHARING, UReturn.U_PARAMETER, HV_UNSHARING, 0L, HV_UNSHARING_INV },
        new object[] { HV_UNSHARING_INV, 0L, HV_UNSHARING, UReturn.U_PARAMETER, HV_UNSHARING_INV, 0L, HV_UNSHARING_INV },
        new object[] { HV_UNSHARED, UReturn.U_P2, HV_UNSHARED, UReturn.U_RETRY, HV_UNSHARED, UReturn.U_P2, HV_UNSHARED },
    ];

    // State; result of share, state after it; result of unshare, state after it.
    internal static readonly object[] GuestCalls =
    [
        new object[] { SECURE, 0L, SHARED, 0L, SECURE },
        new object[] { PAGEDOUT, 0L, SHARED, 0L, PAGEDOUT },
        new object[] { HV_SHARING, UReturn.U_P2, HV_SHARING, UReturn.U_P2, HV_SHARING },
        new object[] { HV_SHARED, UReturn.U_P2, HV_SHARED, UReturn.U_P2, HV_SHARED },
        new object[] { HV_SHARED_INV, UReturn.U_P2, HV_SHARED_INV, UReturn.U_P2, HV_SHARED_INV },
        new object[] { SHARED, 0L, SHARED, 0L, SECURE },
        new object[] { SHARED_INV, 0L, SHARED_INV, 0L, SECURE },
        new object[] { SHARED_IMPLICIT, 0L, SHARED_IMPLICIT, UReturn.U_P2, SHARED_IMPLICIT },
        new object[] { SHARED_IMPLICIT_INV, 0L, SHARED_IMPLICIT_INV, UReturn.U_P2, SHARED_IMPLICIT_INV },
        new object[] { PSEUDO_SHARED, 0L, PSEUDO_SHARED, UReturn.U_P2, PSEUDO_SHARED },
        new object[] { PSEUDO_SHARED_INV, 0L, PSEUDO_SHARED_INV, UReturn.U_P2, PSEUDO_SHARED_INV },
        new object[] { HV_UNSHARING, UReturn.U_P2, HV_UNSHARING, UReturn.U_P2, HV_UNSHARING },
        new object[] { HV_UNSHARING_INV, UReturn.U_P2, HV_UNSHARING_INV, UReturn.U_P2, HV_UNSHARING_INV },
        new object[] { HV_UNSHARED, UReturn.U_P2, HV_UNSHARED, UReturn.U_P2, HV_UNSHARED },
    ];

    [TestCaseSource(nameof(HypervisorCalls))]
    public void PageIn(PageState state, long result, PageState after, long r1, PageState s1, long r2, PageState s2)
    {
        using Bench bench = InState(state, out ulong page);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, page, Gpa, 0, 16), Is.EqualTo(result));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(after));
    }

    [TestCaseSource(nameof(HypervisorCalls))]
    public void PageOut(PageState state, long r1, PageState s1, long result, PageState after, long r2, PageState s2)
    {
        using Bench bench = InState(state, out _);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.EqualTo(result));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(after));
    }

    [TestCaseSource(nameof(HypervisorCalls))]
    public void PageInval(PageState state, long r1, PageState s1, long r2, PageState s2, long result, PageState after)
    {
        using Bench bench = InState(state, out _);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, Gpa, 16), Is.EqualTo(result));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(after));
    }

    [TestCaseSource(nameof(GuestCalls))]
    public void SharePage(PageState state, long result, PageState after, long r1, PageState s1)
    {
        using Bench bench = InState(state, out _);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, Gfn, 1), Is.EqualTo(result));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(after));
    }

    [TestCaseSource(nameof(GuestCalls))]
    public void UnsharePage(PageState state, long r1, PageState s1, long result, PageState after)
    {
        using Bench bench = InState(state, out _);
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, Gfn, 1), Is.EqualTo(result));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(after));
    }

    // Before INIT_DONE.
    [Test]
    public void PageInWhileStartingCopiesAndStaysSecure([Values(SECURE, HV_UNSHARED)] PageState state)
    {
        using Bench bench = new Bench().Starting();
        bench.FrameAt(Gpa).State = state;
        bench.Bytes(Bench.PageOf(Gpa), Bench.Frame).Fill(0x5A);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16), Is.Zero);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(state));
        Assert.That(bench.Bytes(bench.FrameAt(Gpa).Secure, Bench.Frame).IndexOfAnyExcept((byte)0x5A), Is.EqualTo(-1));
    }

    [Test]
    public void PageOutWhileStartingEncrypts()
    {
        using Bench bench = new Bench().Starting();
        bench.Bytes(Bench.PageOf(Gpa), Bench.Frame).Fill(0x5A);
        bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.Zero);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PAGEDOUT));
        Assert.That(bench.Bytes(Bench.SparePage, Bench.Frame).IndexOf(new byte[] { 0x5A, 0x5A, 0x5A, 0x5A }), Is.EqualTo(-1));
    }

    [Test]
    public void PageInvalWhileStartingOfSecureFrameIsRefused()
    {
        using Bench bench = new Bench().Starting();
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, Gpa, 16), Is.EqualTo(UReturn.U_P2));
    }

    [Test]
    public void EveryStateIsCovered()
    {
        var states = Enum.GetValues<PageState>();
        Assert.That(HypervisorCalls.Select(row => (PageState)((object[])row)[0]), Is.EquivalentTo(states));
        Assert.That(GuestCalls.Select(row => (PageState)((object[])row)[0]), Is.EquivalentTo(states));
    }

    // A running SVM with the frame in a state, with what belongs to it; page: where its ciphertext or shared content is.
    private static Bench InState(PageState state, out ulong page)
    {
        Bench bench = new Bench().Running();
        page = Bench.PageOf(Gpa);
        if (state == SECURE)
            return bench;
        if (state == PAGEDOUT)
        {
            Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, page, Gpa, 0, 16), Is.Zero);
            bench.Device.Remove(Gpa);
        }
        else
        {
            ref GuestFrame frame = ref bench.FrameAt(Gpa);
            frame.State = state;
            if (PageManager.IsShared(state) && state is not (SHARED_INV or SHARED_IMPLICIT_INV or PSEUDO_SHARED_INV))
                frame.Normal = page;
            if (state == SHARED)
                bench.Svm.Tree.Map(Gpa, page);
            bench.Device.Remove(Gpa);
        }

        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(state));
        bench.EnterGuest();
        return bench;
    }
}
