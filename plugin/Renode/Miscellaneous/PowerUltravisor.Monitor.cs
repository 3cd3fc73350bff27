using Antmicro.Migrant;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Renode.Machines;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Inspection;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>Monitor commands: what SVMs and their pages are, counters, breaks, fault injection. Breaks and rules may be set before the machine is started.</summary>
public sealed partial class PowerUltravisor
{
    // Texts of what is set: they outlive a reset, and a snapshot keeps breaks by them.
    private readonly List<string> breaks = [];
    private readonly List<string> rules = [];

    /// <summary>All SVMs, one a line.</summary>
    public string Svms() => Ask(inspector => InspectionText.Svms(inspector.Svms));

    /// <summary>One SVM: its CPUs, slots and pages by state.</summary>
    public string Svm(ulong lpid) => Ask(inspector => InspectionText.Svm(inspector.Svm(lpid)));

    /// <summary>States of pages (64 KiB each) of an SVM from a guest real address on.</summary>
    public string Pages(ulong lpid, ulong gpa = 0, ulong count = MostPages) => Ask(inspector => InspectionText.Pages(inspector.DescribePages(lpid, gpa, count)));

    /// <summary>State of the page that holds a guest real address, e.g. SHARED.</summary>
    public string PageState(ulong lpid, ulong gpa) => Ask(inspector => inspector.PageStateOf(lpid, gpa)?.ToString() ?? "no slot");

    /// <summary>Use of secure memory.</summary>
    public string Heap() => Ask(inspector => InspectionText.Heap(inspector.Heap));

    /// <summary>Calls by name, how often and how many failed.</summary>
    public string Counters() => Ask(inspector => InspectionText.Counters(inspector.Counters));

    /// <summary>How often a call was answered, e.g. "UV_SHARE_PAGE".</summary>
    public long CountOf(string call) => Ask(inspector => inspector.CountOf(call).Count);

    /// <summary>The last refused accesses to secure memory.</summary>
    public string Violations(int count = 16) => Ask(inspector => InspectionText.Violations(inspector.Violations(count), shared!.Symbols));

    /// <summary>
    /// Pauses the emulation before a call is served: "UV_SHARE_PAGE", "UV_PAGE_IN gfn=0x12 nth=3 lpid=1", "H_SVM_PAGE_IN", or at a step of a guest's life: "svm-start", "svm-secure",
    /// "svm-terminate", "violation". CPU and arguments are logged; <c>start</c> goes on.
    /// </summary>
    public void BreakOnUltracall(string when)
    {
        string text = Parsed(() => RuleParser.ParseBreak(when)).Text;
        breaks.Add(text);
        Between(uv => uv.Breaks.Add(text));
    }

    /// <summary>Breaks with their numbers and how often each was hit.</summary>
    public string Breaks() => model is null ? Numbered(breaks, "breaks") : Between(uv => InspectionText.Breaks(uv.Breaks))!;

    /// <summary>Removes a break by its number.</summary>
    public void RemoveBreak(int number)
    {
        RemoveAt(breaks, number, "break");
        Between(uv => uv.Breaks.RemoveAt(number));
    }

    /// <summary>Removes all breaks.</summary>
    public void ClearBreaks()
    {
        breaks.Clear();
        Between(uv => uv.Breaks.Clear());
    }

    /// <summary>Makes the next <paramref name="count"/> calls fail with a code, e.g. "UV_PAGE_IN" "U_P2" 1; 0 means all from now on.</summary>
    public void FailUltracall(string call, string code, long count = 1) =>
        AddRule(Parsed(() => new RuleSet().FailUltracall(call, code, count)).Text);

    /// <summary>Adds a rule of fault injection: "CALL [nth=N] [gfn=N] [lpid=N] return=CODE" or "... hcall=NAME ARGUMENT=N".</summary>
    public void AddRule(string rule)
    {
        string text = Parsed(() => RuleParser.Parse(rule)).Text;
        rules.Add(text);
        Between(uv => uv.Rules.Add(text));
    }

    /// <summary>Rules with their numbers and how often each acted.</summary>
    public string Rules() => model is null ? Numbered(rules, "rules") : Between(uv => InspectionText.Rules(uv.Rules))!;

    /// <summary>Removes a rule by its number.</summary>
    public void RemoveRule(int number)
    {
        RemoveAt(rules, number, "rule");
        Between(uv => uv.Rules.RemoveAt(number));
    }

    /// <summary>Removes all rules.</summary>
    public void ClearRules()
    {
        rules.Clear();
        Between(uv => uv.Rules.Clear());
    }

    private const ulong MostPages = 1UL << 20;

    private T Ask<T>(Func<Inspector, T> what) =>
        model is null
            ? throw new RecoverableException("the machine was not started yet, so there is nothing to show")
            : Between(uv => what(uv.Inspect))!;

    private void Between(Action<UltravisorModel> what) => Between(uv =>
    {
        what(uv);
        return true;
    });

    // Between two turns. Nothing before power-on: texts are kept for then.
    private T? Between<T>(Func<UltravisorModel, T> what)
    {
        if (model is not { } uv)
            return default;
        return Parsed(() => shared!.Between(() => what(uv)));
    }

    private static T Parsed<T>(Func<T> what)
    {
        try
        {
            return what();
        }
        catch (Exception e) when (e is FormatException or RequestException)
        {
            throw new RecoverableException(e.Message);
        }
    }

    private static string Numbered(List<string> texts, string what) =>
        texts.Count == 0 ? $"no {what}\n" : string.Concat(texts.Select((text, number) => $"  {number}  {text}\n"));

    private static void RemoveAt(List<string> texts, int number, string what)
    {
        if (number < 0 || number >= texts.Count)
            throw new RecoverableException($"there is no {what} {number}; there are {texts.Count}, numbered from 0");
        texts.RemoveAt(number);
    }
}
