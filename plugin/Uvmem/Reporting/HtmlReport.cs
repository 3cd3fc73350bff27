using System.Globalization;
using System.Text;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Contracts;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Recording;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>A record as one HTML page that needs nothing else: tables made here, the record itself inside for time line and page map, which the page's scripts draw.</summary>
internal static class HtmlReport
{
    private const string Folder = "Page.";
    private static readonly string[] Scripts = ["record.js", "view.js", "timeline.js", "pages.js", "tables.js", "main.js"];

    /// <summary>The page, in UTF-8.</summary>
    /// <param name="record">A whole record.</param>
    /// <param name="title">Name of the run.</param>
    /// <exception cref="InvalidDataException">The record is none.</exception>
    public static byte[] Make(byte[] record, string title)
    {
        RunRecord run = RunRecord.Read(new MemoryStream(record));
        var parts = new Dictionary<string, string>
        {
            ["title"] = HtmlTable.Text(title),
            ["style"] = Resource("page.css"),
            ["facts"] = Facts(run),
            ["work"] = Work(run),
            ["calls"] = Calls(run),
            ["failures"] = Failures(run),
            ["violations"] = Violations(run),
            ["callers"] = Callers(run),
            ["notes"] = Notes(run),
            ["record"] = Convert.ToBase64String(record),
            ["script"] = string.Join('\n', Scripts.Select(Resource)),
        };

        // Parts are not looked at again: a text of the run may look like a place for another part.
        string template = Resource("page.html");
        var page = new StringBuilder();
        int at = 0;
        for (int begin; (begin = template.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            int end = template.IndexOf("}}", begin, StringComparison.Ordinal);
            page.Append(template, at, begin - at).Append(parts[template[(begin + 2)..end]]);
            at = end + 2;
        }

        return Encoding.UTF8.GetBytes(page.Append(template, at, template.Length - at).ToString());
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"{name} was not built in");
        return new StreamReader(stream).ReadToEnd();
    }

    private static string Facts(RunRecord run)
    {
        var html = new StringBuilder();
        void Fact(string number, string name, bool bad = false) =>
            html.Append(bad ? "<li class=\"bad\"><b>" : "<li><b>").Append(HtmlTable.Text(number)).Append("</b> ").Append(HtmlTable.Text(name)).Append("</li>\n");
        RecordedCall[] ultracalls = [.. run.Calls.Where(call => call.Kind == CallKind.UltraCall)];
        int failures = run.Calls.Count(call => call.Result is not (null or 0));
        Fact(Seconds(run, run.End), "guest time");
        Fact(Number.Text(run.Executed.Values.Sum(counts => counts.Sum())), "instructions");
        Fact(Number.Text(run.Svms.Count), run.Svms.Count == 1 ? "SVM" : "SVMs");
        Fact(Number.Text(ultracalls.Length), "ultracalls");
        Fact(Number.Text(run.Calls.Count - ultracalls.Length), "hypercalls");
        Fact(Number.Text(run.PageChanges), "page state changes");
        Fact(Number.Text(failures), "failures");
        Fact(Number.Text(run.Violations.Count), "access violations", run.Violations.Count != 0);
        return html.ToString();
    }

    private static string Work(RunRecord run)
    {
        Activity[] kinds = [.. Enum.GetValues<Activity>().Where(kind => kind != Activity.Stopped)];
        var table = new HtmlTable("work", ["CPU", .. kinds.Select(kind => "#" + Words(kind))]);
        foreach ((int cpu, long[] counts) in run.Executed)
            table.Add([$"CPU {cpu}", .. kinds.Select(kind => Number.Text(counts[(int)kind]))]);
        return table.Close();
    }

    private static string Words(Activity activity) => activity switch
    {
        Activity.SecureGuest => "secure guest",
        _ => activity.ToString().ToLowerInvariant(),
    };

    private static string Calls(RunRecord run)
    {
        var table = new HtmlTable("calls", "call", "made by", "#count", "#failed", "#no answer", "#median", "#90 %", "#99 %", "#longest", "#all together");
        foreach (CallRow row in CallRow.Of(run))
        {
            string by = row.Kind switch
            {
                CallKind.UltraCall => Maker(row.Text),
                CallKind.ReverseCall => "the ultravisor",
                _ => "a secure guest's kernel",
            };
            table.Add(
                row.Text,
                by,
                Number.Text(row.Count),
                Number.Text(row.Failures),
                Number.Text(row.Unanswered),
                Number.Text((long)row.Percentile(50)),
                Number.Text((long)row.Percentile(90)),
                Number.Text((long)row.Percentile(99)),
                Number.Text((long)row.Percentile(100)),
                Number.Text((long)row.Total));
        }

        return table.Close();
    }

    // "the hypervisor: S=0, HV=1, PR=0" without its bits.
    private static string Maker(string ultracall) => ContractBook.FindCall(ultracall)?.Caller.Split(':')[0] ?? "nobody: there is no such call";

    private static string Failures(RunRecord run)
    {
        IReadOnlyList<FailureRow> rows = FailureRow.Of(run);
        if (rows.Count == 0)
            return "<p>None.</p>";
        var table = new HtmlTable("failures", "call", "answer", "#count", "from", "first", "last", "first one's arguments");
        foreach (FailureRow row in rows)
        {
            table.Add(
                row.Text,
                UReturn.Text(row.Code),
                Number.Text(row.Calls.Count),
                row.Caller ?? "",
                At(run, row.Calls[0].End),
                At(run, row.Calls[^1].End),
                row.Calls[0].Arguments);
        }

        return table.Close();
    }

    private static string Violations(RunRecord run)
    {
        const int Most = 1000;
        if (run.Violations.Count == 0)
            return "<p>None: nothing outside of secure state touched secure memory.</p>";
        var table = new HtmlTable("violations", "when", "who", "access", "real address", "instruction at", "function");
        foreach (RecordedViolation one in run.Violations.Take(Most))
        {
            table.Add(
                At(run, one.Ticks),
                one.Cpu < 0 ? one.World : $"CPU {one.Cpu}, {one.World}",
                one.Kind,
                $"0x{one.Real:x}",
                one.Cpu < 0 ? "" : $"0x{one.Instruction:x}",
                one.Function ?? "");
        }

        string more = run.Violations.Count > Most ? $"<p>The first {Number.Text(Most)} of {Number.Text(run.Violations.Count)}.</p>" : "";
        return table.Close() + more;
    }

    private static string Callers(RunRecord run)
    {
        var table = new HtmlTable("callers", "function", "call", "#count", "#failed");
        var groups = run.Calls
            .Where(call => call.Caller is not null)
            .GroupBy(call => (call.Caller, call.Text))
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Caller, StringComparer.Ordinal);
        foreach (var group in groups)
            table.Add(group.Key.Caller!, group.Key.Text, Number.Text(group.Count()), Number.Text(group.Count(call => call.Result is not (null or 0))));
        return table.Close();
    }

    private static string Notes(RunRecord run)
    {
        if (run.Notes.Count == 0)
            return "<p>There was no SVM.</p>";
        var table = new HtmlTable("notes", "when", "partition", "what");
        foreach (RecordedNote note in run.Notes)
            table.Add(At(run, note.Ticks), $"{note.Lpid}", note.Text);
        return table.Close();
    }

    private static HtmlTable.Html At(RunRecord run, ulong ticks) => HtmlTable.Moment(ticks, Seconds(run, ticks));

    private static string Seconds(RunRecord run, ulong ticks) => (ticks / (double)run.TicksPerSecond).ToString("N6", CultureInfo.InvariantCulture) + " s";
}
