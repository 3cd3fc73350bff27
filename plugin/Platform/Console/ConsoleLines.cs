using System.Text;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Console;

/// <summary>Cuts console output into lines and looks for texts in them. A text is found as soon as its last byte is written, line end or not.</summary>
public sealed class ConsoleLines : ISnapshotted
{
    // A guest may write without ever ending a line.
    private const int LineLimit = 65536;

    private readonly StringBuilder line = new();
    private readonly List<ConsoleWatch> watches = [];

    /// <summary>A line ended; its text without line end.</summary>
    public event Action<string>? Completed;

    /// <summary>Calls back once for each line in which <paramref name="text"/> appears. Texts have no line ends in them.</summary>
    public ConsoleWatch OnText(string text, Action found)
    {
        var watch = new ConsoleWatch(text, found);
        watches.Add(watch);
        return watch;
    }

    /// <summary>Stops looking for a text. Not while output is fed.</summary>
    public void Remove(ConsoleWatch watch) => watches.Remove(watch);

    /// <summary>Feeds output.</summary>
    public void Add(byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            if (b == '\n' || line.Length >= LineLimit)
                End();
            if (b is (byte)'\n' or (byte)'\r')
                continue;
            line.Append((char)b);
            foreach (ConsoleWatch watch in watches)
                watch.Check(line);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The line that is being written. Who looks for what is the host's matter.</remarks>
    public void Save(SnapshotWriter writer) => writer.Write(line.ToString());

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        line.Clear();
        line.Append(reader.ReadText());
    }

    private void End()
    {
        string text = line.ToString();
        line.Clear();
        foreach (ConsoleWatch watch in watches)
            watch.Seen = false;
        Completed?.Invoke(text);
    }
}
