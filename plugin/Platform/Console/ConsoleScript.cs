using System.Text;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Console;

/// <summary>Deterministic input: after a text appears on the console, another is typed. Steps are taken in order, each once.</summary>
public sealed class ConsoleScript : ISnapshotted
{
    private const string SnapshotTag = "script";

    private readonly ConsolePort port;
    private readonly ConsoleLines lines;
    private readonly Queue<Step> steps = new();

    /// <summary>A script for one console.</summary>
    public ConsoleScript(ConsolePort port, ConsoleLines lines)
    {
        this.port = port;
        this.lines = lines;
    }

    /// <summary>Appends a step.</summary>
    public void Add(string after, string send)
    {
        var step = new Step(after, send);
        step.Watch = lines.OnText(after, () => Seen(step));
        steps.Enqueue(step);
    }

    /// <summary>Drops the steps that are still to come.</summary>
    public void Clear()
    {
        foreach (Step step in steps)
            lines.Remove(step.Watch!);
        steps.Clear();
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(steps.Count);
        foreach (Step step in steps)
        {
            writer.Write(step.After);
            writer.Write(step.Send);
            writer.Write(step.Watch!.Seen);
        }

        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            Add(reader.ReadText() ?? "", reader.ReadText() ?? "");
            steps.Last().Watch!.Seen = reader.ReadBool();
        }

        reader.End();
    }

    private void Seen(Step step)
    {
        if (steps.TryPeek(out Step? next) && ReferenceEquals(next, step))
        {
            steps.Dequeue();
            port.Type(Encoding.UTF8.GetBytes(step.Send));
        }
    }

    private sealed class Step(string after, string send)
    {
        public string After { get; } = after;

        public string Send { get; } = send;

        public ConsoleWatch? Watch { get; set; }
    }
}
