using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Inspection;
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

    [TestCase("UV_PAGE_OUT nth=2 count=2 return=-75", "0 -75 -75 0")]
    [TestCase("UV_PAGE_OUT count=3 return=-75", "-75 -75 -75 0")]
    [TestCase("UV_PAGE_OUT nth=3 count=every return=-75", "0 0 -75 -75")]
    [TestCase("UV_PAGE_OUT nth=every return=-75", "-75 -75 -75 -75")]
    [TestCase("UV_PAGE_OUT nth=every count=1 return=-75", "-75 0 0 0")]
    [TestCase("UV_PAGE_OUT gpa=0x90000 return=-75", "0 -75 0 0")]
    [TestCase("0xF12C return=-75", "-75 0 0 0")]
    public void WhichCallsARuleActsOn(string text, string results)
    {
        using Bench bench = new Bench().Running();
        Rule rule = bench.Uv.Rules.Add(text);
        long[] answers = [.. Enumerable.Range(8, 4).Select(gfn => bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, (ulong)gfn * Frame, 0, 16))];
        Assert.That(string.Join(' ', answers), Is.EqualTo(results));
        Assert.That((rule.Seen, rule.Acted), Is.EqualTo((rule.Gfn is null ? 4 : 1, answers.Count(answer => answer == -75))));
    }

    /// <summary>The hypervisor is not asked; what follows is what follows from its answer.</summary>
    [Test]
    public void RuleStandsInForTheHypervisorsAnswer()
    {
        using Bench bench = new Bench().Running();
        Rule rule = bench.Uv.Rules.Add("H_SVM_PAGE_IN gfn=9 return=U_PARAMETER");
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.Log.Calls.Where(call => call.StartsWith("uv calls", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=1, order=16)",
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=0, order=16)",
        }));
        Assert.That((bench.FrameAt(8 * Frame).State, bench.FrameAt(9 * Frame).State, rule.Acted), Is.EqualTo((PageState.SECURE, PageState.SECURE, 1L)));
    }

    /// <summary>Another call before one of the ultravisor's own, about the same frame; then that one, and rules see neither again.</summary>
    [Test]
    public void RuleCallsTheHypervisorBeforeTheUltravisorDoes()
    {
        using Bench bench = new Bench().Running();
        Rule rule = bench.Uv.Rules.Add("H_SVM_PAGE_IN nth=every hcall=H_SVM_PAGE_OUT gpa=call flags=1 order=16");
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2), Is.EqualTo(UReturn.U_SUCCESS));
        Assert.That(bench.Log.Calls.Where(call => call.StartsWith("uv calls", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_OUT(gpa=0x80000, flags=1, order=16)",
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=1, order=16)",
            "uv calls H_SVM_PAGE_OUT(gpa=0x90000, flags=1, order=16)",
            "uv calls H_SVM_PAGE_IN(gpa=0x90000, flags=1, order=16)",
        }));
        Assert.That((bench.FrameAt(8 * Frame).State, bench.FrameAt(9 * Frame).State, rule.Acted), Is.EqualTo((PageState.SHARED, PageState.SHARED, 2L)));
    }

    /// <summary>The frame of the call that the rule acts on.</summary>
    [Test]
    public void RuleTakesTheFrameOfTheCall()
    {
        using Bench bench = new Bench().Running();
        bench.Uv.Rules.Add("UV_UNSHARE_PAGE hcall=H_SVM_PAGE_OUT gpa=call flags=1 order=16");
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 9, 1), Is.EqualTo((long)UltraCall.UV_UNSHARE_PAGE), "the guest is back at its sc 2");
        Assert.That(bench.Log.Calls, Has.Some.EqualTo("uv calls H_SVM_PAGE_OUT(gpa=0x90000, flags=1, order=16)"));
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, 9, 1), Is.EqualTo(UReturn.U_SUCCESS));
    }

    /// <summary>A guest that makes a call of the ultravisor itself is refused, whatever rules there are.</summary>
    [Test]
    public void RuleForTheUltravisorsCallIsNotForTheGuest()
    {
        using Bench bench = new Bench().Running();
        Rule rule = bench.Uv.Rules.Add("H_SVM_PAGE_IN return=U_SUCCESS");
        bench.Hypercall(HCall.H_SVM_PAGE_IN, 0x4404, 0x80000, 0, 16);
        Assert.That(((long)bench.S->Gpr[3], rule.Seen), Is.EqualTo((UReturn.U_FUNCTION, 0L)));
    }

    [Test]
    public void CallsThatFailOnDemand()
    {
        using Bench bench = new Bench().Running();
        Rule rule = bench.Uv.Rules.FailUltracall("uv_page_out", "U_RETRY", 2);
        Assert.That(rule.Text, Is.EqualTo("UV_PAGE_OUT count=2 return=U_RETRY"));
        long[] answers = [.. Enumerable.Range(8, 3).Select(gfn => bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, (ulong)gfn * Frame, 0, 16))];
        Assert.That(answers, Is.EqualTo(new[] { UReturn.U_RETRY, UReturn.U_RETRY, 0 }));
        Assert.That(bench.Uv.Rules.FailUltracall("UV_PAGE_IN", "-4", 0).Text, Is.EqualTo("UV_PAGE_IN nth=every return=U_PARAMETER"));
        Assert.That(() => bench.Uv.Rules.FailUltracall("UV_PAGE", "-4"), Throws.TypeOf<FormatException>().With.Message.Contains("did you mean UV_PAGE_IN or UV_PAGE_OUT or UV_PAGE_INVAL?"));
        Assert.That(() => bench.Uv.Rules.FailUltracall("UV_PAGE_IN", "U_OOPS"), Throws.TypeOf<FormatException>().With.Message.Contains("a name such as U_PARAMETER"));
        Assert.That(() => bench.Uv.Rules.FailUltracall("UV_PAGE_IN", "-4", -1), Throws.TypeOf<RequestException>().With.Message.Contains("0 for all"));
    }

    [Test]
    public void RulesAreListedAndRemoved()
    {
        using Bench bench = new Bench().Running();
        RuleSet rules = bench.Uv.Rules;
        rules.Add("UV_PAGE_OUT nth=every return=-75");
        rules.Add("UV_PAGE_OUT gfn=9 return=-5");
        rules.Add("UV_PAGE_IN return=-5");
        for (ulong gfn = 8; gfn < 11; gfn++)
            bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, gfn * Frame, 0, 16);
        Assert.That(InspectionText.Rules(rules).Split(Environment.NewLine), Is.EqualTo(new[]
        {
            "     rule                                  matched  acted",
            "  0  UV_PAGE_OUT nth=every return=U_STATE        3      3",
            "  1  UV_PAGE_OUT gfn=0x9 return=U_RETRY          1      0",
            "  2  UV_PAGE_IN return=U_RETRY                   0      0",
            "",
        }));
        rules.RemoveAt(0);
        Assert.That(rules.All.Select(rule => rule.Call), Is.EqualTo(new[] { (ulong)UltraCall.UV_PAGE_OUT, (ulong)UltraCall.UV_PAGE_IN }));
        Assert.That(() => rules.RemoveAt(2), Throws.TypeOf<RequestException>().With.Message.EqualTo("there is no rule 2; rules are numbered 0 to 1"));
        rules.Clear();
        Assert.That(() => rules.RemoveAt(0), Throws.TypeOf<RequestException>().With.Message.EqualTo("there is no rule 0; there are no rules at all"));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 8 * Frame, 0, 16), Is.Zero);
    }

    [TestCase("UV_PAGE_OUT return=U_RETRY")]
    [TestCase("UV_PAGE_OUT nth=2 return=U_RETRY")]
    [TestCase("UV_PAGE_OUT nth=every return=U_RETRY")]
    [TestCase("UV_PAGE_OUT nth=2 count=every return=U_RETRY")]
    [TestCase("UV_PAGE_OUT nth=2 count=4 gfn=0x12 lpid=3 return=-1234")]
    [TestCase("UV_PAGE_OUT count=4 return=U_RETRY")]
    [TestCase("0xf1a0 return=U_FUNCTION")]
    [TestCase("H_PROD return=U_SUCCESS")]
    [TestCase("UV_SHARE_PAGE nth=3 hcall=H_SVM_PAGE_IN gpa=0x40000000 flags=1 order=16")]
    [TestCase("UV_SHARE_PAGE gfn=0x1 hcall=H_SVM_PAGE_IN gpa=0x40000000 flags=1 order=16")]
    [TestCase("UV_UNSHARE_PAGE hcall=H_SVM_PAGE_OUT gpa=call flags=0 order=16")]
    [TestCase("H_SVM_PAGE_IN nth=2 hcall=H_SVM_PAGE_OUT gpa=call flags=0 order=16")]
    [TestCase("H_PROD hcall=H_CEDE")]
    public void TextOfARule(string text) => Assert.That(RuleParser.Parse(text).Text, Is.EqualTo(text));

    [TestCase("UV_PAGE_OUT break")]
    [TestCase("UV_PAGE_OUT nth=1 break")]
    [TestCase("UV_PAGE_OUT nth=2 break")]
    [TestCase("UV_PAGE_OUT nth=2 count=every break")]
    [TestCase("UV_PAGE_OUT count=3 gfn=0x12 lpid=1 break")]
    [TestCase("H_SVM_PAGE_IN gfn=0x12 break")]
    [TestCase("svm-start break")]
    [TestCase("svm-terminate lpid=2 nth=1 break", "svm-terminate nth=1 lpid=2 break")]
    [TestCase("violation break")]
    [TestCase("uv_page_out gpa=0x123456", "UV_PAGE_OUT gfn=0x12 break")]
    [TestCase("BREAK uv_page_out", null)]
    public void TextOfABreak(string text, string? canonical = "")
    {
        if (canonical is null)
            Assert.That(() => RuleParser.ParseBreak(text), Throws.TypeOf<FormatException>());
        else
            Assert.That(RuleParser.ParseBreak(text).Text, Is.EqualTo(canonical.Length == 0 ? text : canonical));
    }

    [TestCase("", "empty break: expected CALL [nth=N] [count=N] [gfn=N] [lpid=N], or one of svm-start, ")]
    [TestCase("svm-stat", "\"svm-stat\" is no ultracall, hypercall or step in an SVM's life, did you mean svm-start?")]
    [TestCase("UV_SHARE", "\"UV_SHARE\" is no ultracall or hypercall, did you mean UV_SHARE_PAGE?")]
    [TestCase("UV_SHARE_PAGE return=-4", "break \"UV_SHARE_PAGE return=-4\": this is a rule, which does not stop; add it as a rule")]
    [TestCase("UV_SHARE_PAGE gfn=1 gpa=0x10000", "break \"UV_SHARE_PAGE gfn=1 gpa=0x10000\": gfn= and gpa= say the same; give one")]
    [TestCase("violation gfn=1", "break \"violation gfn=1\": violation is not about one frame")]
    [TestCase("UV_SHARE_PAGE count=0", "break \"UV_SHARE_PAGE count=0\": count=0: expected 1 or more, or every")]
    [TestCase("UV_SHARE_PAGE order=1", "break \"UV_SHARE_PAGE order=1\": unknown key order; expected nth, count, gfn, gpa or lpid")]
    public void WrongBreakSaysWhatWouldBeRight(string text, string message) =>
        Assert.That(() => RuleParser.ParseBreak(text), Throws.TypeOf<FormatException>().With.Message.StartsWith(message));

    [TestCase("UV_SHARE_PAGE break", "this is a break, which answers nothing; set it as a break")]
    [TestCase("svm-start return=-4", "svm-start can't be answered; expected a call")]
    [TestCase("UV_PAGE_OUT hcall=H_CEDE", "hcall= needs a call that the SVM makes")]
    [TestCase("H_PROD hcall=H_SVM_PAGE_IN gpa=call flags=0 order=16", "gpa=call needs a call about frames")]
    public void WhatIsNoRuleSaysWhatItIs(string text, string message) =>
        Assert.That(() => RuleParser.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

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
