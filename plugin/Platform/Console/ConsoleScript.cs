using System.Text;

namespace RenodeUvmem.Platform.Console;

/// <summary>Deterministic input: after a text appears on the console, another is typed. Steps are taken in order, each once.</summary>
public sealed class ConsoleScript
{
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
        steps.Enqueue(step);
        lines.OnText(after, () => Seen(step));
    }

    private void Seen(Step step)
    {
        if (steps.TryPeek(out Step? next) && ReferenceEquals(next, step))
        {
            steps.Dequeue();
            port.Type(Encoding.UTF8.GetBytes(step.Send));
        }
    }

    private sealed record Step(string After, string Send);
}
