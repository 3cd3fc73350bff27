using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Breaks;

/// <summary>Breaks on ultracalls: the thread stands before its sc 2, as if nothing had happened.</summary>
public unsafe class UltracallBreakTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong GuestMsr = Msr.SF | Msr.S | Msr.ME | Msr.EE | Msr.LE;

    [Test]
    public void ThreadStandsAtItsSystemCall()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE");
        for (int n = 0; n < 32; n++)
            bench.S->Gpr[n] = 0x1000UL + (ulong)n;
        (long deliveries, long calls) = (bench.Cpu.Deliveries, bench.Cpu.InterruptCounts[0xC00 >> 5]);
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);

        Assert.That(bench.S->Nia, Is.EqualTo(0x4000));
        Assert.That(bench.S->Msr, Is.EqualTo(GuestMsr));
        Assert.That((bench.S->Gpr[3], bench.S->Gpr[4], bench.S->Gpr[5]), Is.EqualTo(((ulong)UltraCall.UV_SHARE_PAGE, 8UL, 1UL)));
        for (int n = 6; n < 32; n++)
            Assert.That(bench.S->Gpr[n], Is.EqualTo(0x1000UL + (ulong)n), $"GPR{n}");
        Assert.That(bench.FrameAt(8 * Frame).State, Is.EqualTo(PageState.SECURE));
        Assert.That(bench.Log.Events, Is.Empty);
        Assert.That(bench.Cpu.ReturnRequested, Is.True);
        Assert.That((bench.Cpu.Deliveries, bench.Cpu.InterruptCounts[0xC00 >> 5]), Is.EqualTo((deliveries, calls)));
        Assert.That(list.Hits, Has.Count.EqualTo(1));
    }

    [Test]
    public void HitTellsWhoCallsWhat()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE", "UV_PAGE_OUT");
        bench.S->Spr[SprNumber.LR] = 0x7654;
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 3);
        BreakHit guest = list.Hits[0];
        Assert.That((guest.Cpu, guest.Lpid, guest.Name, guest.Nia), Is.EqualTo((0, Bench.Lpid, "UV_SHARE_PAGE", 0x4000UL)));
        Assert.That(guest.Arguments, Is.EqualTo(new BreakArgument[] { new("gfn", 8), new("count", 3) }));
        Assert.That(guest.Site, Is.EqualTo(new CallSite(World.SecureGuest, Bench.Lpid, false, 0x4000, 0x7654)));
        Assert.That(guest.Break.Text, Is.EqualTo("UV_SHARE_PAGE break"));

        bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 8 * Frame, 0, 16);
        BreakHit hypervisor = list.Hits[1];
        Assert.That((hypervisor.Lpid, hypervisor.Site.World, hypervisor.Site.Lpid), Is.EqualTo((Bench.Lpid, World.Hypervisor, 0UL)));
        Assert.That(
            BreakText.Format(hypervisor),
            Is.EqualTo("[           0] cpu0 break: hypervisor at 0x8ffc: UV_PAGE_OUT(lpid=0x1, ra=0x80000, gpa=0x80000, flags=0, order=16) for partition 1"));
        Assert.That(bench.Uv.Breaks.Last, Is.EqualTo(hypervisor));
    }

    [Test]
    public void CallMadeAgainPassesOnceAndIsDone()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.FrameAt(8 * Frame).State, Is.EqualTo(PageState.SHARED));
        Assert.That(list.Hits, Has.Count.EqualTo(1));

        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That(list.Hits, Has.Count.EqualTo(2), "the same call later is another one");
        Assert.That((list.Hits[1].Break.Seen, list.Hits[1].Break.Acted), Is.EqualTo((2, 2)));
    }

    [Test]
    public void CallPassesAlsoAfterTheBreakIsRemoved()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        bench.Uv.Breaks.Clear();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        bench.Uv.Breaks.Add("UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That(list.Hits, Has.Count.EqualTo(2), "the pass was for the first call alone");
    }

    [Test]
    public void AnotherCallOfTheThreadDoesNotPass()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 9, 1);
        Assert.That(list.Hits, Has.Count.EqualTo(2));
    }

    [TestCase("UV_PAGE_OUT nth=2", "9")]
    [TestCase("UV_PAGE_OUT nth=2 count=every", "9 10 11")]
    [TestCase("UV_PAGE_OUT count=2", "8 9")]
    [TestCase("UV_PAGE_OUT gfn=10", "10")]
    [TestCase("UV_PAGE_OUT gpa=0xa1234", "10")]
    [TestCase("UV_PAGE_OUT lpid=1", "8 9 10 11")]
    [TestCase("UV_PAGE_OUT lpid=2", "")]
    [TestCase("UV_PAGE_IN", "")]
    [TestCase("0xF12C", "8 9 10 11")]
    [TestCase("61740 break", "8 9 10 11")]
    public void QualifiersChooseTheCalls(string text, string frames)
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, text);
        for (ulong gfn = 8; gfn < 12; gfn++)
        {
            // Twice if it was put back.
            int hits = list.Hits.Count;
            bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, gfn * Frame, 0, 16);
            if (list.Hits.Count != hits)
                bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, gfn * Frame, 0, 16);
            Assert.That(bench.FrameAt(gfn * Frame).State, Is.EqualTo(PageState.PAGEDOUT));
        }

        Assert.That(string.Join(' ', list.Hits.Select(hit => hit.Arguments[2].Value / Frame)), Is.EqualTo(frames));
    }

    [TestCase(8UL, 4UL, true)]
    [TestCase(5UL, 4UL, true)]
    [TestCase(5UL, 3UL, false)]
    [TestCase(9UL, 4UL, false)]
    [TestCase(0UL, ulong.MaxValue, true)]
    public void FrameIsLookedForInTheWholeRangeOfACall(ulong gfn, ulong count, bool hits)
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE gfn=8");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, gfn, count);
        Assert.That(list.Hits, Has.Count.EqualTo(hits ? 1 : 0));
    }

    /// <summary>A refused call is one that a person wants to see.</summary>
    [Test]
    public void CallsThatAreRefusedBreakToo()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_PAGE_OUT", "0xF1A0");
        bench.EnterGuest(more: Msr.PR | Msr.EE | Msr.LE);
        bench.Call((ulong)UltraCall.UV_PAGE_OUT, 0x4004);
        Assert.That(list.Hits[0].Site.WorldText, Is.EqualTo("secure guest 1 user"));
        Assert.That(bench.Call((ulong)UltraCall.UV_PAGE_OUT, 0x4004), Is.EqualTo(UReturn.U_PERMISSION));
        bench.Call(0xF1A0, 0x4004);
        Assert.That(list.Hits[1].Name, Is.EqualTo("ultracall 0xf1a0"));
    }

    /// <summary>Rules see the call when it passes, breaks don't see it again when a rule has the guest repeat it.</summary>
    [Test]
    public void BreakAndRuleOnOneCall()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE");
        Rule rule = bench.Uv.Rules.Add("UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x90000 flags=2 order=16");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That((list.Hits.Count, rule.Seen), Is.EqualTo((1, 0)));
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        Assert.That((bench.S->Nia, rule.HypercallResult), Is.EqualTo((0x4000UL, (long?)UReturn.U_P2)), "the rule has acted, the guest is back at its call");
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That((list.Hits.Count, rule.Seen, bench.FrameAt(8 * Frame).State), Is.EqualTo((1, 1, PageState.SHARED)));
    }

    [Test]
    public void FirstOfSeveralBreaksIsReportedAndAllCount()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_SHARE_PAGE gfn=8", "UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That(list.Hits.Select(hit => hit.Break), Is.EqualTo(new[] { bench.Uv.Breaks.All[0] }));
        Assert.That(bench.Uv.Breaks.All.Select(b => (b.Seen, b.Acted)), Is.EqualTo(new[] { (1L, 1L), (1L, 0L) }));
    }

    /// <summary>Executed code: a break and going on cost nothing, so that the run is the same as without.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void BreakTakesNoTime(bool withBreak)
    {
        using Bench bench = new Bench().Running();
        HitList list = withBreak ? Listen(bench, "UV_PAGE_OUT") : new HitList();
        PreparePageOut(bench);
        long start = bench.S->Executed;

        long executed = bench.Cpu.Execute(100);
        if (withBreak)
        {
            Assert.That((executed, bench.S->Nia, bench.S->Executed - start), Is.EqualTo((1L, 0x1004UL, 1L)));
            Assert.That(list.Hits.Single().Instruction, Is.EqualTo(start + 1));
            executed += bench.Cpu.Execute(100 - executed);
        }

        Assert.That((executed, bench.S->Executed - start, bench.S->Gpr[30], bench.S->Gpr[7]), Is.EqualTo((100L, 100L, 0UL, 0UL)));
        Assert.That(bench.Log.Events.Single(happened => happened.Kind == UvEventKind.UltraCall).Instruction, Is.EqualTo(start + 1));
        Assert.That(bench.FrameAt(8 * Frame).State, Is.EqualTo(PageState.PAGEDOUT));
    }

    /// <summary>A breakpoint of the CPU at the same sc stops once for each time that the thread comes there.</summary>
    [Test]
    public void BreakpointAtTheSameInstruction()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "UV_PAGE_OUT");
        PreparePageOut(bench);
        bench.Cpu.Breakpoints.Add(0x1004, DebugContext.Any);
        bench.Cpu.Execute(100);
        Assert.That((bench.Cpu.StoppedAtBreakpoint, list.Hits.Count), Is.EqualTo((true, 0)));
        bench.Cpu.PassBreakpoint();
        bench.Cpu.Execute(100);
        Assert.That((bench.Cpu.StoppedAtBreakpoint, list.Hits.Count, bench.S->Nia), Is.EqualTo((false, 1, 0x1004UL)));
        Assert.That((bench.Cpu.Execute(100), bench.Cpu.StoppedAtBreakpoint), Is.EqualTo((100L, false)));
        Assert.That(bench.FrameAt(8 * Frame).State, Is.EqualTo(PageState.PAGEDOUT));
    }

    [Test]
    public void WithoutAListenerTheCpuReturnsAndGoesOn()
    {
        using Bench bench = new Bench().Running();
        bench.Uv.Breaks.Add("UV_SHARE_PAGE");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 1);
        Assert.That(bench.Cpu.ReturnRequested, Is.True);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
    }

    // Hypervisor code that pages frame 8 out.
    private static void PreparePageOut(Bench bench)
    {
        uint[] code =
        [
            0x38E70001, // addi r7,r7,1
            0x44000042, // sc 2
            0x7C7E1B78, // mr r30,r3
            0x48000000, // b .
        ];
        for (int n = 0; n < code.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(bench.Bytes(0x1000 + ((ulong)n * 4), 4), code[n]);
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        bench.S->Nia = 0x1000;
        (bench.S->Gpr[3], bench.S->Gpr[4], bench.S->Gpr[5], bench.S->Gpr[6]) = ((ulong)UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 8 * Frame);
        (bench.S->Gpr[7], bench.S->Gpr[8]) = (ulong.MaxValue, 16);
    }

    private static HitList Listen(Bench bench, params string[] breaks)
    {
        var list = new HitList();
        bench.Uv.Breaks.Listener = list;
        foreach (string text in breaks)
            bench.Uv.Breaks.Add(text);
        return list;
    }
}
