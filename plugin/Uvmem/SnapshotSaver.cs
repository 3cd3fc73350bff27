using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Uvmem;

/// <summary>--save-on: writes the machine to a file when a text first appears on the console.</summary>
internal sealed class SnapshotSaver
{
    private const string Option = "--save-on";

    private readonly Machine machine;
    private readonly IMachineLog log;
    private readonly ISnapshotted[] extras;
    private readonly List<(string Text, string File)> open = [];
    private bool failed;

    /// <summary>Begins to look for the texts.</summary>
    /// <exception cref="Platform.Boot.OptionException">A file can't be written.</exception>
    public SnapshotSaver(Machine machine, IEnumerable<(string Text, string File)> wanted, IMachineLog log, params ISnapshotted[] extras)
    {
        this.machine = machine;
        this.log = log;
        this.extras = extras;
        foreach ((string Text, string File) one in wanted)
        {
            SnapshotFile.CheckWritable(Option, one.File);
            open.Add(one);
            machine.ConsoleLines.OnText(one.Text, () => Found(one));
        }
    }

    /// <summary>Says what did not come about. True if all did.</summary>
    public bool Finish()
    {
        foreach ((string text, string file) in open)
            log.Warn($"{Option}: '{text}' did not appear on the console, {file} was not written");
        return !failed && open.Count == 0;
    }

    private void Found((string Text, string File) one)
    {
        if (open.Remove(one))
            machine.AtRest(() => Save(one.File));
    }

    private void Save(string file)
    {
        var time = Stopwatch.StartNew();
        try
        {
            SnapshotFile.Write(file, machine, log, extras);
            log.Info(string.Create(
                CultureInfo.InvariantCulture,
                $"saved to {file} at instruction {machine.Instructions:N0}: {new FileInfo(file).Length >> 20:N0} MiB in {time.Elapsed.TotalSeconds:N2} s"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed = true;
            log.Warn($"{Option}: {file} was not written: {e.Message}");
        }
    }
}
