using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Uvmem;

/// <summary>--scan: looks for a pattern in all normal memory whenever a console line says @checkpoint.</summary>
internal sealed class CheckpointScan
{
    private const string Marker = "@checkpoint";

    private readonly Machine machine;
    private readonly byte[]? pattern;
    private readonly IMachineLog log;

    public CheckpointScan(Machine machine, byte[]? pattern, IMachineLog log)
    {
        this.machine = machine;
        this.pattern = pattern;
        this.log = log;
        machine.ConsoleLines.Completed += line =>
        {
            if (line.Contains(Marker, StringComparison.Ordinal))
                Run($"'{line.Trim()}'");
        };
    }

    /// <summary>Whether any scan found the pattern.</summary>
    public bool Found { get; private set; }

    /// <summary>Scans now.</summary>
    public void Run(string when)
    {
        if (pattern is null)
            return;
        IReadOnlyList<ulong> places = MemoryScan.Find(machine.Memory, pattern);
        if (places.Count == 0)
        {
            log.Info($"scan at {when}: the pattern is nowhere in normal memory");
            return;
        }

        Found = true;
        log.Warn($"scan at {when}: the pattern is in normal memory at {string.Join(", ", places.Select(place => $"0x{place:x}"))}");
    }
}
