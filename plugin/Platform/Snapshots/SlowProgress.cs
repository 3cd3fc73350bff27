using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Platform.Snapshots;

/// <summary>Says how far something is, each second, if it takes more than one.</summary>
internal sealed class SlowProgress(string what, IMachineLog log) : IProgress<double>
{
    private readonly Stopwatch since = Stopwatch.StartNew();

    public void Report(double value)
    {
        if (since.ElapsedMilliseconds < 1000)
            return;
        since.Restart();
        log.Info(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:P0}"));
    }
}
