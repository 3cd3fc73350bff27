using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Platform.Probes;

/// <summary>Gates and overrides as text for a person.</summary>
public static class ProbeText
{
    /// <summary>A table: what was asked for, how often CPUs came to the place, how often it acted. Ends with an empty line.</summary>
    public static string Table(IReadOnlyList<Probe> probes)
    {
        var table = new TextTable("gates and overrides", "arrived", "acted");
        foreach (Probe probe in probes)
            table.Add(probe.Text, Number.Text(probe.At.Seen), Number.Text(probe.Acted));
        return $"{table}{Environment.NewLine}";
    }
}
