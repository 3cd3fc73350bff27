using NUnit.Framework;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Inspection;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Inspection;

/// <summary>What people are shown of the ultravisor.</summary>
public unsafe class InspectorTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void Svm()
    {
        using Bench bench = new Bench().GoSecure();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2);
        bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 20 * Frame, 0, 16);
        SvmInfo svm = bench.Uv.Inspect.Svms.Single();
        Assert.That((svm.Lpid, svm.State), Is.EqualTo((Bench.Lpid, SvmState.Secure)));
        Assert.That(svm.Slots, Is.EqualTo(new[] { new SlotInfo(0, 0, Bench.GuestSize) }));

        // 64 frames: 6 for RTAS, 2 shared by the guest, 1 paged out.
        Assert.That(svm.Frames[(int)PageState.SHARED], Is.EqualTo(2));
        Assert.That((svm.SecureBytes, svm.SharedBytes, svm.PagedOutBytes), Is.EqualTo((55 * Frame, 8 * Frame, Frame)));
        Assert.That(svm.ResidentBytes, Is.EqualTo(55 * Frame), "UV_ESM has taken all pages in");
        Assert.That(svm.RtasPages, Has.Count.EqualTo(6));
        Assert.That(svm.RtasPages, Is.All.Matches<ulong>(page => bench.Uv.Inspect.PageStateOf(Bench.Lpid, page) == PageState.SHARED_IMPLICIT));
        Assert.That(svm.RtasBuffersInUse, Is.Zero);
    }

    [Test]
    public void CpusInAndOut()
    {
        using Bench bench = new Bench().Running();
        Assert.That((bench.Uv.Inspect.Svm(Bench.Lpid).CpusInside, bench.Uv.Inspect.Svm(Bench.Lpid).CpusOutside.Count), Is.EqualTo((new[] { 0u }, 0)));
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 2);
        SvmInfo svm = bench.Uv.Inspect.Svm(Bench.Lpid);
        Assert.That(svm.CpusInside, Is.Empty);
        Assert.That(svm.CpusOutside.Single().Reason, Is.EqualTo("H_SVM_PAGE_IN < Share Asked 0x80000 (1 of 2) < UV_SHARE_PAGE"));
        Assert.That(svm.CpusOutside[0].Nia, Is.EqualTo(0x4004));
        Assert.That(InspectionText.Svm(svm), Does.Contain("out of the guest (context 0): H_SVM_PAGE_IN < Share Asked 0x80000 (1 of 2) < UV_SHARE_PAGE; goes on at 0x4004"));
    }

    [Test]
    public void TransitionThatIsUnderWay()
    {
        using var bench = new Bench();
        bench.StartGuest();
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.ServeOne();
        SvmInfo svm = bench.Uv.Inspect.Svm(Bench.Lpid);
        Assert.That(svm.State, Is.EqualTo(SvmState.Starting));
        Assert.That(svm.CpusOutside.Single().Reason, Is.EqualTo("H_SVM_PAGE_IN < EnterSecureMode TakeHeader 0x20000 < UV_ESM"));
        Assert.That(bench.Uv.Inspect.DescribePages(Bench.Lpid, 2 * Frame, 1).Single().Flags, Is.EqualTo(PageFlags.Requested));
    }

    [Test]
    public void PageRanges()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 3);
        bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, 9 * Frame, 16);
        bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 62 * Frame, 0, 16);
        IReadOnlyList<PageRange> ranges = bench.Uv.Inspect.DescribePages(Bench.Lpid, 0, 100);
        Assert.That(
            ranges.Select(range => (range.Gpa / Frame, range.Count, range.State, range.Flags)),
            Is.EqualTo(new (ulong, ulong, PageState?, PageFlags)[]
            {
                (0, 8, PageState.SECURE, PageFlags.None),
                (8, 1, PageState.SHARED, PageFlags.Mapped),
                (9, 1, PageState.SHARED_INV, PageFlags.None),
                (10, 1, PageState.SHARED, PageFlags.Mapped),
                (11, 51, PageState.SECURE, PageFlags.None),
                (62, 1, PageState.PAGEDOUT, PageFlags.Sealed),
                (63, 1, PageState.SECURE, PageFlags.None),
                (64, 36, null, PageFlags.None),
            }));
        Assert.That(ranges[1].Normal, Is.EqualTo(Bench.PageOf(8 * Frame)));
        Assert.That(ranges.Select(range => range.Secure), Is.All.Zero, "nothing was touched");
    }

    [Test]
    public void AddressesOfARangeFollowEachOtherOrNot()
    {
        using Bench bench = new Bench().Running();
        bench.Hook = (call, arguments) => call == HCall.H_SVM_PAGE_IN && arguments[0] == 12 * Frame
            ? bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, 12 * Frame, 0, 16)
            : null;
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 5);
        IReadOnlyList<PageRange> all = bench.Uv.Inspect.DescribePages(Bench.Lpid, 8 * Frame, 5);
        Assert.That((all.Count, all[0].Count, all[0].Normal, all[0].IsContiguous), Is.EqualTo((1, 5UL, Bench.PageOf(8 * Frame), false)));
        Assert.That(bench.Uv.Inspect.DescribePages(Bench.Lpid, 8 * Frame, 4).Single().IsContiguous, Is.True);
        Assert.That(InspectionText.Pages(all), Does.Contain($"0x{Bench.PageOf(8 * Frame):x} ..."));
    }

    [TestCase(0x80000UL, 1UL, 1UL)]
    [TestCase(0x8FFFFUL, 1UL, 1UL)]
    [TestCase(0UL, 0UL, 0UL)]
    [TestCase(0UL, ulong.MaxValue, 1UL << 48)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, 1UL)]
    public void AnyRangeIsCoveredAsFarAsAddressesGo(ulong gpa, ulong count, ulong covered)
    {
        using Bench bench = new Bench().Running();
        IReadOnlyList<PageRange> ranges = bench.Uv.Inspect.DescribePages(Bench.Lpid, gpa, count);
        Assert.That(ranges.Aggregate(0UL, (sum, range) => sum + range.Count), Is.EqualTo(covered));
    }

    [Test]
    public void StateOfOnePage()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        Inspector inspect = bench.Uv.Inspect;
        Assert.That(inspect.PageStateOf(Bench.Lpid, (8 * Frame) + 5), Is.EqualTo(PageState.SHARED));
        Assert.That(inspect.PageStateOf(Bench.Lpid, 9 * Frame), Is.EqualTo(PageState.SECURE));
        Assert.That(inspect.PageStateOf(Bench.Lpid, Bench.GuestSize), Is.Null);
        Assert.That(() => inspect.PageStateOf(7, 0), Throws.TypeOf<RequestException>().With.Message.EqualTo("partition 7 is no SVM; SVMs are 1"));
        using var empty = new Bench();
        Assert.That(() => empty.Uv.Inspect.Svm(1), Throws.TypeOf<RequestException>().With.Message.EqualTo("partition 1 is no SVM; there is none now"));
    }

    [Test]
    public void Counters()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 0x4000, 2);
        Inspector inspect = bench.Uv.Inspect;
        Assert.That(inspect.CountOf("uv_share_page"), Is.EqualTo(new CallCount("UV_SHARE_PAGE", 2, 1)));
        Assert.That(inspect.CountOf("0xF130"), Is.EqualTo(new CallCount("UV_SHARE_PAGE", 2, 1)));
        Assert.That(inspect.CountOf("H_SVM_PAGE_IN"), Is.EqualTo(new CallCount("H_SVM_PAGE_IN", 2, 0)));
        Assert.That(inspect.CountOf("UV_PAGE_OUT"), Is.EqualTo(new CallCount("UV_PAGE_OUT", 0, 0)), "never made");
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.Serve();
        Assert.That(inspect.CountOf("h_prod").Count, Is.EqualTo(1));
    }

    [TestCase("UV_SHARE", "\"UV_SHARE\" is no ultracall or hypercall, did you mean UV_SHARE_PAGE?")]
    [TestCase("UV_SHRE_PAGE", "\"UV_SHRE_PAGE\" is no ultracall or hypercall, did you mean UV_SHARE_PAGE or UV_UNSHARE_PAGE?")]
    [TestCase("h_svm_page_im", "\"h_svm_page_im\" is no ultracall or hypercall, did you mean H_SVM_PAGE_IN or H_SVM_PAGE_OUT?")]
    [TestCase("0x1234", "\"0x1234\" is no ultracall or hypercall; ultracalls are UV_WRITE_PATE, ")]
    [TestCase("", "\"\" is no ultracall or hypercall; ultracalls are UV_WRITE_PATE, ")]
    public void UnknownCall(string name, string message)
    {
        using var bench = new Bench();
        Assert.That(() => bench.Uv.Inspect.CountOf(name), Throws.TypeOf<RequestException>().With.Message.StartsWith(message));
    }

    [Test]
    public void LastViolations()
    {
        using Bench bench = new Bench().Running();
        bench.Uv.Events.Clear();
        for (ulong n = 0; n < 300; n++)
            bench.Uv.Controller.Violation(new SecureViolation(0, Bench.SecureBase + n, 0xC000_0000 + n, 0x1000, AccessKind.Load, false) { Instruction = (long)n, Msr = Msr.SF | Msr.HV });
        Inspector inspect = bench.Uv.Inspect;
        Assert.That(inspect.Violations(), Has.Count.EqualTo(ViolationLog.Capacity));
        Assert.That(inspect.Violations().Select(violation => violation.Instruction), Is.EqualTo(Enumerable.Range(300 - 256, 256)), "oldest first");
        Assert.That(inspect.Violations(2).Select(violation => violation.Real), Is.EqualTo(new[] { Bench.SecureBase + 298, Bench.SecureBase + 299 }));
        Assert.That(inspect.Violations(0), Is.Empty);
        Assert.That(bench.Uv.Controller.Recent.Total, Is.EqualTo(300));
    }

    /// <summary>A real access, as the CPU reports it.</summary>
    [Test]
    public void ViolationOfACpu()
    {
        using Bench bench = new Bench().Running();
        bench.Bytes(0x1000, 4).Clear();
        bench.Bytes(0x1000, 4)[0] = 0x80;
        bench.Bytes(0x1000, 4)[1] = 0xA4;
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        bench.S->Nia = 0x1000;
        bench.S->Gpr[4] = Bench.SecureBase + 0x40;
        bench.Cpu.Execute(1);
        SecureViolation seen = bench.Uv.Inspect.Violations().Single();
        Assert.That((seen.Initiator, seen.Real, seen.EffectiveAddress, seen.InstructionAddress, seen.Kind), Is.EqualTo((0, Bench.SecureBase + 0x40, Bench.SecureBase + 0x40, 0x1000UL, AccessKind.Load)));
        Assert.That((seen.Msr, seen.Lpid), Is.EqualTo((Msr.SF | Msr.HV | Msr.ME, Bench.Lpid)));
        Assert.That(
            InspectionText.Violations([seen]).Split(Environment.NewLine)[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(new[] { "0", "cpu0", "hypervisor", "Load", "0x1000000000040", "0x1000000000040", "0x1000" }));
    }

    [Test]
    public void SecureMemory()
    {
        using var bench = new Bench();
        HeapInfo before = bench.Uv.Inspect.Heap;
        Assert.That(before.Size, Is.EqualTo(8UL << 20));
        bench.GoSecure();
        HeapInfo after = bench.Uv.Inspect.Heap;
        Assert.That(after.Used - before.Used, Is.GreaterThanOrEqualTo(58 * Frame), "64 frames but those for RTAS, and page tables");
        Assert.That(after.Free, Is.LessThanOrEqualTo(before.Free - Bench.GuestSize));
        Assert.That(after.Used + after.Promised + after.Free, Is.EqualTo(after.Size));
    }

    [Test]
    public void TablesWithoutRows()
    {
        using var bench = new Bench();
        Assert.That(InspectionText.Svms(bench.Uv.Inspect.Svms).Trim(), Is.EqualTo("no SVM"));
        Assert.That(InspectionText.Violations(bench.Uv.Inspect.Violations()).Trim(), Is.EqualTo("no access was refused"));
        Assert.That(InspectionText.Counters(bench.Uv.Inspect.Counters).Trim(), Is.EqualTo("no calls yet"));
        Assert.That(InspectionText.Rules(bench.Uv.Rules).Trim(), Is.EqualTo("no rules"));
        Assert.That(InspectionText.Breaks(bench.Uv.Breaks).Trim(), Is.EqualTo("no breaks"));
    }

    [Test]
    public void PagesAsText()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 1, 1);
        string[] lines = InspectionText.Pages(bench.Uv.Inspect.DescribePages(Bench.Lpid, 0, 65)).Split(Environment.NewLine);
        Assert.That(lines[0], Is.EqualTo("  gpa       pages  state    secure at  hypervisor's at  flags"));
        Assert.That(lines[1], Is.EqualTo("  0x0           1  SECURE"));
        Assert.That(lines[2], Is.EqualTo("  0x10000       1  SHARED              0x110000         Mapped"));
        Assert.That(lines[3], Is.EqualTo("  0x20000      62  SECURE"));
        Assert.That(lines[4], Is.EqualTo("  0x400000      1  no slot"));
    }
}
