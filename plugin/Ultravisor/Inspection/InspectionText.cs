using System.Globalization;
using System.Text;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>What <see cref="Inspector"/> gives, as tables for a person. Lines with line ends; one line if there is nothing to show.</summary>
public static class InspectionText
{
    private const ulong KiB = 1024;

    /// <summary>A line for each SVM.</summary>
    public static string Svms(IReadOnlyList<SvmInfo> svms)
    {
        var table = new TextTable("LPID", "state", "CPUs in", "out", "slots", "secure KiB", "shared KiB", "paged out KiB", "resident KiB").Left(1);
        foreach (SvmInfo svm in svms)
        {
            table.Add(
                $"{svm.Lpid}",
                $"{svm.State}",
                $"{svm.CpusInside.Count}",
                $"{svm.CpusOutside.Count}",
                $"{svm.Slots.Count}",
                Number.Text((long)(svm.SecureBytes / KiB)),
                Number.Text((long)(svm.SharedBytes / KiB)),
                Number.Text((long)(svm.PagedOutBytes / KiB)),
                Number.Text((long)(svm.ResidentBytes / KiB)));
        }

        return OrNone(table, "no SVM");
    }

    /// <summary>All of one SVM.</summary>
    public static string Svm(SvmInfo svm)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"SVM {svm.Lpid}: {svm.State}"));
        foreach (uint cpu in svm.CpusInside)
            text.AppendLine(Invariant($"  cpu{cpu} executes it"));
        foreach (OutsideCpu cpu in svm.CpusOutside)
            text.AppendLine(Invariant($"  out of the guest (context {cpu.Index}): {cpu.Reason}; goes on at 0x{cpu.Nia:x}"));
        foreach (SlotInfo slot in svm.Slots)
            text.AppendLine(Invariant($"  slot {slot.Id}: 0x{slot.Gpa:x} to 0x{slot.Gpa + slot.Size - 1:x}, {Number.Text((long)(slot.Size / KiB))} KiB"));
        if (svm.RtasPages.Count != 0)
            text.AppendLine(Invariant($"  RTAS pages: {string.Join(", ", svm.RtasPages.Select(page => $"0x{page:x}"))}; buffers in use: {svm.RtasBuffersInUse}"));
        var table = new TextTable("pages of 64 KiB by state", "");
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            if (svm.Frames[(int)state] != 0)
                table.Add($"{state}", Number.Text(svm.Frames[(int)state]));
        }

        table.Add("resident in secure memory", Number.Text((long)(svm.ResidentBytes / SecureHeap.FrameSize)));
        return text.Append(table).ToString();
    }

    /// <summary>A line for each range of frames. Dots behind an address: those of the other frames do not follow it in order.</summary>
    public static string Pages(IReadOnlyList<PageRange> ranges)
    {
        var table = new TextTable("gpa", "pages", "state", "secure at", "hypervisor's at", "flags").Left(2, 3, 4, 5);
        foreach (PageRange range in ranges)
        {
            table.Add(
                $"0x{range.Gpa:x}",
                Number.Text((long)range.Count),
                range.State?.ToString() ?? "no slot",
                Address(range.Secure, range.IsContiguous),
                Address(range.Normal, range.IsContiguous),
                range.Flags == PageFlags.None ? "" : $"{range.Flags}");
        }

        return OrNone(table, "no pages");
    }

    /// <summary>A line for each counter.</summary>
    public static string Counters(IReadOnlyList<CallCount> counters)
    {
        var table = new TextTable("call", "count", "failures");
        foreach (CallCount counter in counters)
            table.Add(counter.Name, Number.Text(counter.Count), Number.Text(counter.Failures));
        return OrNone(table, "no calls yet");
    }

    /// <summary>A line for each refused access.</summary>
    public static string Violations(IReadOnlyList<SecureViolation> violations, ISymbols? symbols = null)
    {
        var table = new TextTable("instruction", "by", "kind", "real address", "effective address", "at").Left(1, 2, 3, 4, 5);
        foreach (SecureViolation violation in violations)
        {
            var site = CallSite.Of(violation);
            string at = site.World == World.Device ? "" : $"0x{site.Nia:x}{Suffix(symbols?.Describe(site.Nia, site.World, site.Lpid))}";
            table.Add(
                Number.Text(violation.Instruction),
                violation.Initiator < 0 ? "device" : $"cpu{violation.Initiator} {site.WorldText}",
                EventText.ViolationKind(violation),
                $"0x{violation.Real:x}",
                $"0x{violation.EffectiveAddress:x}",
                at);
        }

        return OrNone(table, "no access was refused");
    }

    /// <summary>Use of secure memory.</summary>
    public static string Heap(in HeapInfo heap)
    {
        var table = new TextTable("secure memory", "KiB");
        table.Add("size", Number.Text((long)(heap.Size / KiB)));
        table.Add("used", Number.Text((long)(heap.Used / KiB)));
        table.Add("promised to slots", Number.Text((long)(heap.Promised / KiB)));
        table.Add("free", Number.Text((long)(heap.Free / KiB)));
        return table.ToString();
    }

    /// <summary>A line for each rule, with its number.</summary>
    public static string Rules(RuleSet rules) => Triggers(rules, "rule", "acted");

    /// <summary>A line for each break, with its number.</summary>
    public static string Breaks(BreakSet breaks) => Triggers(breaks, "break", "hit");

    private static string Triggers<T>(TriggerSet<T> triggers, string word, string acted)
        where T : Trigger
    {
        var table = new TextTable("", word, "matched", acted).Left(1);
        for (int n = 0; n < triggers.All.Count; n++)
            table.Add($"{n}", triggers.All[n].Text, Number.Text(triggers.All[n].Seen), Number.Text(triggers.All[n].Acted));
        return OrNone(table, $"no {word}s");
    }

    private static string Address(ulong address, bool contiguous) => address == 0 ? "" : contiguous ? $"0x{address:x}" : $"0x{address:x} ...";

    private static string Suffix(string? name) => name is null ? "" : " " + name;

    private static string OrNone(TextTable table, string none) => table.Count == 0 ? "  " + none + Environment.NewLine : table.ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
