using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Rules;

/// <summary>Fault injection.</summary>
public unsafe class RuleTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void ReturnRuleAnswersTheNthCallWithoutDoingIt()
    {
        using Bench bench = new Bench().Running();
        Rule rule = Add(bench, "UV_PAGE_OUT nth=2 return=U_RETRY");
        long[] results = [.. Enumerable.Range(8, 3).Select(gfn => bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, (ulong)gfn * Frame, 0, 16))];
        Assert.That(results, Is.EqualTo(new[] { 0L, UReturn.U_RETRY, 0L }));
        Assert.That(bench.FrameAt(9 * Frame).State, Is.EqualTo(PageState.SECURE));
        Assert.That((rule.Seen, rule.Acted), Is.EqualTo((3, 1)));
    }

    [Test]
    public void RuleForOneFrame()
    {
        using Bench bench = new Bench().Running();
        Add(bench, "UV_PAGE_OUT gfn=9 nth=every return=-75");
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 8 * Frame, 0, 16), Is.Zero);
        for (int round = 0; round < 3; round++)
            Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 9 * Frame, 0, 16), Is.EqualTo(-75));
    }

    [Test]
    public void RuleForOnePartition()
    {
        using Bench bench = new Bench().Running();
        Add(bench, "UV_PAGE_OUT lpid=2 nth=every return=-75");
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 8 * Frame, 0, 16), Is.Zero);
    }

    // Row A9.
    [Test]
    public void RefusedSlotAbortsTheTransition()
    {
        using var bench = new Bench();
        Add(bench, "UV_REGISTER_MEM_SLOT nth=1 return=-4");
        bench.GoSecure();
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.Log.Calls[1], Does.EndWith("-> -4 (U_PARAMETER)"));
        Assert.That(bench.Log.Calls, Has.Some.EqualTo("uv calls H_SVM_INIT_ABORT()"));
    }

    // Rows P2, P3 and S6: calls of the hypervisor that a correct ultravisor would not make.
    [TestCase("UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x90000 flags=0 order=12", UReturn.U_P3)]
    [TestCase("UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x90000 flags=2 order=16", UReturn.U_P2)]
    [TestCase("UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x40000000 flags=1 order=16", UReturn.U_PARAMETER)]
    public void CallRuleCallsTheHypervisorFirstAndTheCallGoesOn(string text, long answer)
    {
        using Bench bench = new Bench().Running();
        Rule rule = Add(bench, text);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.EqualTo(0).Or.EqualTo((long)UltraCall.UV_SHARE_PAGE));
        Assert.That(rule.HypercallResult, Is.EqualTo(answer));

        // The guest is back at its sc 2 and makes the call again.
        Assert.That(bench.S->Nia, Is.EqualTo(0x4000));
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)UltraCall.UV_SHARE_PAGE));
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1), Is.Zero);
        Assert.That(bench.FrameAt(8 * Frame).State, Is.EqualTo(PageState.SHARED));
        Assert.That((rule.Seen, rule.Acted), Is.EqualTo((1, 1)), "the repeated call is not counted again");
        Assert.That(bench.Log.Events.Single(e => e.Kind == UvEventKind.Rule).Text, Does.Contain(UReturn.Text(answer)));
    }

    [Test]
    public void RuleOnAHypercall()
    {
        using Bench bench = new Bench().Running();
        Add(bench, "H_PROD nth=2 return=-4");
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        Assert.That(bench.InHypervisor, Is.True);
        bench.Serve();
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(-4));
    }

    [TestCase("", "empty rule")]
    [TestCase("UV_SHARE return=1", "no ultracall or hypercall")]
    [TestCase("UV_PAGE_IN", "either return=CODE or hcall=NAME")]
    [TestCase("UV_PAGE_IN return=-4 hcall=H_CEDE", "hcall= needs a call that the SVM makes")]
    [TestCase("UV_SHARE_PAGE return=-4 hcall=H_CEDE", "either return=CODE or hcall=NAME")]
    [TestCase("UV_PAGE_IN return=U_NOTHING", "expected a number or a name such as U_PARAMETER")]
    [TestCase("UV_PAGE_IN nth=0 return=-4", "expected 1 or more, or every")]
    [TestCase("UV_PAGE_IN nth=x return=-4", "expected a number, decimal or 0x")]
    [TestCase("UV_PAGE_IN return=-4 return=-5", "given twice")]
    [TestCase("UV_PAGE_IN -4", "not of the form key=value")]
    [TestCase("UV_PAGE_IN return=-4 ra=1", "unknown key ra")]
    [TestCase("UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=1 flags=0", "H_SVM_PAGE_IN needs order=")]
    [TestCase("UV_SHARE_PAGE hcall=H_NONE", "expected one of")]
    public void WrongTextSaysWhatWouldBeRight(string text, string message)
    {
        FormatException problem = Assert.Throws<FormatException>(() => RuleParser.Parse(text))!;
        Assert.That(problem.Message, Does.Contain(message));
    }

    [Test]
    public void NumbersAndNames()
    {
        Rule rule = RuleParser.Parse("uv_share_page nth=3 gfn=0x10 lpid=2 hcall=H_SVM_PAGE_IN gpa=0x20000 flags=2 order=16");
        Assert.That((rule.Call, rule.IsHypercall, rule.Nth, rule.Gfn, rule.Lpid), Is.EqualTo(((ulong)UltraCall.UV_SHARE_PAGE, false, 3L, 0x10UL, 2UL)));
        Assert.That(rule.Hypercall, Is.EqualTo(HCall.H_SVM_PAGE_IN));
        Assert.That(rule.HypercallArguments, Is.EqualTo(new ulong[] { 0x20000, 2, 16 }));
        Assert.That(RuleParser.Parse("UV_PAGE_IN return=u_p3").Return, Is.EqualTo(UReturn.U_P3));
    }

    private static Rule Add(Bench bench, string text)
    {
        Rule rule = RuleParser.Parse(text);
        bench.Uv.Rules.Add(rule);
        return rule;
    }
}
