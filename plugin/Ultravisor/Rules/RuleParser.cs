using System.Globalization;
using System.Text;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Text form of rules and breaks, one grammar:
/// <code>
/// CALL [nth=N] [count=N] [gfn=N] [lpid=N] return=CODE
/// CALL … hcall=NAME argument=N …
/// CALL … [break]
/// </code>
/// CALL is an ultracall or hypercall, by name or number; a break also takes svm-start, svm-secure, svm-abort, svm-kill, svm-terminate and violation.
/// nth= is the first occurrence that counts, count= how many do; both take <c>every</c>. A rule without nth= acts once, a break each time. gfn= is a 64 KiB frame
/// that the call is about; gpa= names it by an address. As an argument of hcall=, <c>gpa=call</c> is the frame that the call is about. Numbers are decimal or 0x…; CODE also by name, as in <c>return=U_PARAMETER</c>.
/// A rule on one of the ultravisor's own calls (H_SVM_…) stands in for the hypervisor's answer, or has another call made before it.
/// </summary>
public static class RuleParser
{
    /// <summary>Value of nth= and count=: without end.</summary>
    internal const string Every = "every";

    /// <summary>The argument that may be taken from the call itself.</summary>
    internal const string Gpa = "gpa";

    private const string OfCall = "call";

    private const string Qualifiers = "[nth=N] [count=N] [gfn=N] [lpid=N]";

    // Points where a CPU of the SVM waits, so that the hypervisor can be called on its behalf.
    private static readonly UltraCall[] GuestCalls = [UltraCall.UV_SHARE_PAGE, UltraCall.UV_UNSHARE_PAGE, UltraCall.UV_UNSHARE_ALL_PAGES];

    private static readonly UltraCall[] FrameCalls = [UltraCall.UV_SHARE_PAGE, UltraCall.UV_UNSHARE_PAGE];

    /// <summary>Parses a rule.</summary>
    /// <exception cref="FormatException">The text is no rule; the message says what would be right.</exception>
    public static Rule Parse(string text)
    {
        var clause = new Clause("rule", text, $"CALL {Qualifiers} return=CODE, or CALL … hcall=NAME …");
        if (clause.IsBreak)
            throw clause.Error("this is a break, which answers nothing; set it as a break, or give return=CODE in place of \"break\"");
        if (!clause.IsCall)
            throw clause.Error($"{OccasionName.Of(clause.Occasion)} can't be answered; expected a call");
        HCall? hypercall = null;
        ulong[] arguments = [];
        bool gpaOfCall = false;
        if (clause.Take("hcall") is { } name)
        {
            hypercall = ParseHypercall(clause, name);
            if (clause.Occasion != Occasion.Hypercall && !GuestCalls.Contains((UltraCall)clause.Call))
                throw clause.Error($"hcall= needs a call that the SVM makes: {string.Join(", ", GuestCalls)} or a hypercall; or one that the ultravisor makes");
            gpaOfCall = CallNames.Of(hypercall.Value).Contains(Gpa) && TakesGpaOfCall(clause);
            arguments = [.. CallNames.Of(hypercall.Value).Select(argument => argument == Gpa && gpaOfCall
                ? 0
                : clause.TakeNumber(argument) ?? throw clause.Error($"{name} needs {argument}="))];
        }

        long? code = clause.Take("return") is { } returned
            ? UReturn.Parse(returned) ?? throw clause.Error($"return={returned}: expected a number or a name such as U_PARAMETER")
            : null;
        if (code is null == hypercall is null)
            throw clause.Error("expected either return=CODE or hcall=NAME");
        (long nth, long? count) = clause.TakeOccurrences(withoutNth: false);
        var rule = new Rule
        {
            Occasion = clause.Occasion,
            Call = clause.Call,
            Nth = nth,
            Count = count,
            Gfn = clause.TakeFrame(),
            Lpid = clause.TakeNumber("lpid"),
            Return = code,
            Hypercall = hypercall,
            HypercallArguments = arguments,
            GpaOfCall = gpaOfCall,
        };
        clause.End("nth, count, gfn, gpa, lpid, return, hcall or an argument of the hcall");
        return rule;
    }

    /// <summary>Parses a break; the word "break" at its end may be left out.</summary>
    /// <exception cref="FormatException">The text is no break; the message says what would be right.</exception>
    public static Break ParseBreak(string text)
    {
        var clause = new Clause("break", text, $"CALL {Qualifiers}, or one of {string.Join(", ", OccasionName.All)}");
        (long nth, long? count) = clause.TakeOccurrences(withoutNth: true);
        var result = new Break
        {
            Occasion = clause.Occasion,
            Call = clause.Call,
            Nth = nth,
            Count = count,
            Gfn = clause.TakeFrame(),
            Lpid = clause.TakeNumber("lpid"),
        };
        if (clause.Take("return") is not null || clause.Take("hcall") is not null)
            throw clause.Error("this is a rule, which does not stop; add it as a rule, or leave return= and hcall= out");
        clause.End("nth, count, gfn, gpa or lpid");
        return result;
    }

    /// <summary>The text of a rule or break; parsing it gives an equal one.</summary>
    public static string Format(Trigger trigger)
    {
        var text = new StringBuilder(trigger.Occasion is Occasion.UltraCall or Occasion.Hypercall ? NameOf(trigger) : OccasionName.Of(trigger.Occasion));
        AppendOccurrences(text, trigger);
        if (trigger.Gfn is { } gfn)
            text.Append(CultureInfo.InvariantCulture, $" gfn=0x{gfn:x}");
        if (trigger.Lpid is { } lpid)
            text.Append(CultureInfo.InvariantCulture, $" lpid={lpid}");
        if (trigger is not Rule rule)
            return text.Append(" break").ToString();
        if (rule.Return is { } code)
            text.Append(CultureInfo.InvariantCulture, $" return={UReturn.Name(code)}");
        if (rule.Hypercall is { } hypercall)
        {
            string[] names = CallNames.Of(hypercall);
            text.Append(CultureInfo.InvariantCulture, $" hcall={hypercall}");
            for (int n = 0; n < names.Length; n++)
                text.Append(CultureInfo.InvariantCulture, $" {names[n]}={(names[n] == Gpa && rule.GpaOfCall ? OfCall : EventText.Argument(names[n], rule.HypercallArguments[n]))}");
        }

        return text.ToString();
    }

    private static string NameOf(Trigger trigger)
    {
        var call = new CallName(trigger.IsHypercall, trigger.Call);
        return call.IsNamed ? call.ToString() : $"0x{trigger.Call:x}";
    }

    private static void AppendOccurrences(StringBuilder text, Trigger trigger)
    {
        bool isBreak = trigger is Break;
        if (trigger.Nth != 1)
            text.Append(CultureInfo.InvariantCulture, $" nth={trigger.Nth}");
        else if (trigger.Count is null && !isBreak)
            text.Append(" nth=" + Every);
        else if (trigger.Count == 1 && isBreak)
            text.Append(" nth=1");
        if (trigger.Count is null && trigger.Nth != 1)
            text.Append(" count=" + Every);
        else if (trigger.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $" count={trigger.Count}");
    }

    private static bool TakesGpaOfCall(Clause clause)
    {
        if (clause.Peek(Gpa) is not { } value || !string.Equals(value, OfCall, StringComparison.OrdinalIgnoreCase))
            return false;
        bool aboutFrames = clause.Occasion == Occasion.UltraCall ? FrameCalls.Contains((UltraCall)clause.Call) : CallNames.Of((HCall)clause.Call).Contains(Gpa);
        if (!aboutFrames)
            throw clause.Error($"{Gpa}={OfCall} needs a call about frames: {string.Join(" or ", FrameCalls)}, or H_SVM_PAGE_IN or H_SVM_PAGE_OUT");
        clause.Take(Gpa);
        return true;
    }

    private static HCall ParseHypercall(Clause clause, string name)
    {
        if (Enum.TryParse(name, ignoreCase: true, out HCall call) && CallNames.Named.Contains(call))
            return call;
        throw clause.Error($"hcall={name}: expected one of {string.Join(", ", CallNames.Named)}");
    }
}
