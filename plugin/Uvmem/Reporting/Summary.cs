using System.Diagnostics;
using System.Globalization;
using System.Text;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What closes a run.</summary>
internal static class Summary
{
    public static string Of(Machine machine, PageCensus census, RunResult result, long executed, TimeSpan wall, TimeSpan cpu, PauseMeter? pauses)
    {
        var text = new StringBuilder();
        text.AppendLine($"uvmem: {Sentence(result)}");
        if (machine.Ultravisor is { } ultravisor)
            AppendUltravisor(text, ultravisor, census);
        if (machine.Probes is { } probes)
            text.Append(ProbeText.Table(probes.All));
        if (machine.Bounces is { } bounces)
            AppendBounces(text, bounces);
        double seconds = Math.Max(wall.TotalSeconds, 1e-9);
        var table = new TextTable("run", "");
        table.Add("instructions", Number.Text(machine.Instructions));
        if (executed != machine.Instructions)
            table.Add("of these after loading", Number.Text(executed));
        table.Add("wall time", Seconds(wall));
        table.Add("host CPU time", Seconds(cpu));
        table.Add("instructions per second", Number.Text((long)(executed / seconds)));
        table.Add("host memory at most, MiB", Number.Text(PeakMemory() >> 20));
        table.Add("guest time", Seconds(machine.Uptime));
        table.Add("OPAL calls", Number.Text(machine.Firmware.Opal.Calls));
        table.Add("console bytes", Number.Text(machine.Console.BytesWritten));
        if (pauses is not null)
            AppendPauses(table, pauses);
        text.Append(table);
        return text.ToString();
    }

    private static void AppendPauses(TextTable table, PauseMeter pauses)
    {
        table.Add("pauses of .NET", Number.Text(pauses.Count));
        table.Add("longest of them", Milliseconds(pauses.Longest));
        table.Add("all of them", Milliseconds(pauses.Total));
    }

    private static void AppendUltravisor(StringBuilder text, UltravisorModel ultravisor, PageCensus census)
    {
        AppendCalls(text, "ultracalls", ultravisor.UltraCallCounters);
        AppendCalls(text, "reverse hypercalls", ultravisor.ReverseCallCounters);
        AppendCalls(text, "hypercalls of secure guests", ultravisor.GuestCallCounters);
        AppendPages(text, ultravisor, census);
        AppendRules(text, ultravisor);
        SecureMemoryController controller = ultravisor.Controller;
        var table = new TextTable("secure memory", "");
        table.Add("size in MiB", Number.Text((long)(controller.Size >> 20)));
        table.Add("interrupts reflected", Number.Text(ultravisor.ReflectedInterrupts));
        table.Add("refused: CPU", Number.Text(controller.CpuViolations));
        table.Add("refused: table walk", Number.Text(controller.WalkViolations));
        table.Add("refused: DMA", Number.Text(controller.DmaViolations));
        text.Append(table).AppendLine();
    }

    private static void AppendCalls(StringBuilder text, string title, IEnumerable<CallCounter> counters)
    {
        var table = new TextTable(title, "count", "failures");
        foreach (CallCounter counter in counters)
            table.Add(counter.Name, Number.Text(counter.Count), Number.Text(counter.Failures));
        text.Append(table).AppendLine();
    }

    private static void AppendPages(StringBuilder text, UltravisorModel ultravisor, PageCensus census)
    {
        var table = new TextTable("pages of 64 KiB by state", "now", "most at once", "entered");
        PageState[] states = Enum.GetValues<PageState>();
        long[][] live = [.. ultravisor.Svms.Select(svm => svm.CountByState())];
        foreach (PageState state in states)
        {
            long now = live.Sum(counts => counts[(int)state]);

            // Frames begin as SECURE without a change, so a number of changes does not say how many there were.
            string most = state == PageState.SECURE ? "" : Number.Text(census.Most(state));
            if (now != 0 || census.Entered(state) != 0)
                table.Add(state.ToString(), Number.Text(now), most, Number.Text(census.Entered(state)));
        }

        text.Append(table).AppendLine();
    }

    private static void AppendRules(StringBuilder text, UltravisorModel ultravisor)
    {
        if (ultravisor.Rules.All.Count == 0)
            return;
        var table = new TextTable("rules", "matched", "acted");
        foreach (Rule rule in ultravisor.Rules.All)
            table.Add(rule.Text, Number.Text(rule.Seen), Number.Text(rule.Acted));
        text.Append(table).AppendLine();
    }

    private static void AppendBounces(StringBuilder text, BounceMeter bounces)
    {
        var table = new TextTable("bytes through bounce buffers", "to devices", "from devices", "copies");
        foreach ((ulong lpid, BounceCount count) in bounces.Counts)
            table.Add($"lpid {lpid}", Number.Text((long)count.ToDevices), Number.Text((long)count.FromDevices), Number.Text(count.Copies));
        text.Append(table).AppendLine();
    }

    private static string Sentence(RunResult result)
    {
        string what = result.End switch
        {
            RunEnd.PowerOff => "the guest powered the machine off",
            RunEnd.Reboot => "the guest asked for a reboot; a run is one boot",
            RunEnd.PlatformError => "the guest reported a fatal hardware error",
            RunEnd.TextFound => "stopped",
            RunEnd.InstructionLimit => "stopped by --max-instructions",
            RunEnd.Break => "stopped by --break",
            RunEnd.Gate => "a gate is never opened",
            RunEnd.Difference => "interpreted and translated code differ",
            RunEnd.CheckStop => "the guest went wild",
            _ => "interrupted",
        };
        return result.Message.Length == 0 ? what : $"{what}: {result.Message}";
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("N1", CultureInfo.InvariantCulture) + " ms";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("N2", CultureInfo.InvariantCulture) + " s";
}
