using System.Globalization;
using System.Text;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What closes a run.</summary>
internal static class Summary
{
    public static string Of(Machine machine, PageCensus pages, RunResult result, TimeSpan wall, TimeSpan cpu)
    {
        var text = new StringBuilder();
        text.AppendLine($"uvmem: {Sentence(result)}");
        double seconds = Math.Max(wall.TotalSeconds, 1e-9);
        var table = new TextTable("run", "");
        table.Add("instructions", Number(machine.Instructions));
        table.Add("wall time", Seconds(wall));
        table.Add("host CPU time", Seconds(cpu));
        table.Add("instructions per second", Number((long)(machine.Instructions / seconds)));
        table.Add("guest time", Seconds(machine.Uptime));
        table.Add("OPAL calls", Number(machine.Firmware.Calls));
        table.Add("console bytes", Number(machine.Console.BytesWritten));
        text.Append(table);
        if (machine.Ultravisor is { } ultravisor)
            UltravisorSummary.AppendTo(text, ultravisor, pages);
        return text.ToString();
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
            RunEnd.CheckStop => "the guest went wild",
            _ => "interrupted",
        };
        return result.Message.Length == 0 ? what : $"{what}: {result.Message}";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("N2", CultureInfo.InvariantCulture) + " s";
}
