using System.Globalization;
using System.Text;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What the ultravisor did in a run.</summary>
internal static class UltravisorSummary
{
    public static void AppendTo(StringBuilder text, UltravisorModel ultravisor, PageCensus pages)
    {
        AppendCalls(text, "ultracall", ultravisor.UltraCallCounters);
        AppendCalls(text, "reverse hypercall", ultravisor.ReverseCallCounters);
        AppendCalls(text, "hypercall of secure guests", ultravisor.GuestCallCounters);
        AppendPages(text, ultravisor, pages);
        var table = new TextTable("secure memory", "");
        table.Add("interrupts reflected", Number(ultravisor.ReflectedInterrupts));
        table.Add("refused accesses of CPUs", Number(ultravisor.Controller.CpuViolations));
        table.Add("refused table walks", Number(ultravisor.Controller.WalkViolations));
        table.Add("refused accesses of devices", Number(ultravisor.Controller.DmaViolations));
        text.Append(table);
        foreach (Rule rule in ultravisor.Rules.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"  rule \"{rule.Text}\": {rule.Seen} calls seen, acted {rule.Acted} times");
    }

    private static void AppendCalls(StringBuilder text, string head, IEnumerable<CallCounter> counters)
    {
        var table = new TextTable(head, "calls", "failures");
        foreach (CallCounter counter in counters)
            table.Add(counter.Name, Number(counter.Count), Number(counter.Failures));
        text.Append(table);
    }

    // A column for each SVM with the frames it had, and one with how often any frame came into the state.
    private static void AppendPages(StringBuilder text, UltravisorModel ultravisor, PageCensus pages)
    {
        (ulong Lpid, bool Ended, long[] Counts)[] svms = [.. pages.Of(ultravisor)];
        string[] heads = ["pages by state", .. svms.Select(svm => $"lpid {svm.Lpid} {(svm.Ended ? "at its end" : "now")}"), "entered"];
        var table = new TextTable(heads);
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            long entered = ultravisor.StateEntries[(int)state];
            if (entered != 0 || svms.Any(svm => svm.Counts[(int)state] != 0))
                table.Add([state.ToString(), .. svms.Select(svm => Number(svm.Counts[(int)state])), Number(entered)]);
        }

        text.Append(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
