using System.Text;

namespace RenodeUvmem.Platform.Console;

/// <summary>A text that is looked for in console lines; made by <see cref="ConsoleLines.OnText"/>.</summary>
public sealed class ConsoleWatch
{
    private readonly string text;
    private readonly Action found;

    internal ConsoleWatch(string text, Action found)
    {
        this.text = text;
        this.found = found;
    }

    /// <summary>Whether the text is in the line that is being written.</summary>
    internal bool Seen { get; set; }

    internal void Check(StringBuilder line)
    {
        if (Seen || line.Length < text.Length || line[^1] != text[^1])
            return;
        for (int n = 0; n < text.Length; n++)
        {
            if (line[line.Length - text.Length + n] != text[n])
                return;
        }

        Seen = true;
        found();
    }
}
