using System.Globalization;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Remarks about what software may not do, or what is not there. Each kind once, and not without end: who repeats it must not flood the log.</summary>
public sealed class XiveLog(IMachineLog log) : ISnapshotted
{
    private const int Most = 100;

    private readonly HashSet<string> reported = [];

    /// <summary>An access that has no effect; a load of it gives ones.</summary>
    public void Refuse(string area, ulong address, ulong offset, int size, bool store, string why) =>
        Report(
            string.Create(CultureInfo.InvariantCulture, $"{area} 0x{offset:x} {size} {store}"),
            string.Create(CultureInfo.InvariantCulture, $"XIVE: {(store ? "store" : "load")} of {size} bytes at 0x{address:x}, {area} offset 0x{offset:x}: {why}"));

    /// <summary>A remark of which there is one for each <paramref name="key"/>.</summary>
    public void Report(string key, string text)
    {
        if (reported.Count > Most || !reported.Add(key))
            return;
        log.Warn(reported.Count <= Most ? text : "XIVE: further remarks are left out");
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(reported.Count);
        foreach (string key in reported.Order(StringComparer.Ordinal))
            writer.Write(key);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reported.Clear();
        for (int left = reader.ReadCount(Most + 1); left > 0; left--)
            reported.Add(reader.ReadText() ?? "");
    }
}
