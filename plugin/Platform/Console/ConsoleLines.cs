using System.Text;

namespace RenodeUvmem.Platform.Console;

/// <summary>Cuts console output into lines and looks for texts in them. A text is found as soon as its last byte is written, line end or not.</summary>
public sealed class ConsoleLines
{
    // A guest may write without ever ending a line.
    private const int LineLimit = 65536;

    private readonly StringBuilder line = new();
    private readonly List<Watch> watches = [];

    /// <summary>A line ended; its text without line end.</summary>
    public event Action<string>? Completed;

    /// <summary>Calls back once for each line in which <paramref name="text"/> appears. Texts have no line ends in them.</summary>
    public void OnText(string text, Action found) => watches.Add(new Watch(text, found));

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
            foreach (Watch watch in watches)
                watch.Check(line);
        }
    }

    private void End()
    {
        string text = line.ToString();
        line.Clear();
        foreach (Watch watch in watches)
            watch.Reset();
        Completed?.Invoke(text);
    }

    private sealed class Watch(string text, Action found)
    {
        private bool seen;

        public void Reset() => seen = false;

        public void Check(StringBuilder line)
        {
            if (seen || line.Length < text.Length || line[^1] != text[^1])
                return;
            for (int n = 0; n < text.Length; n++)
            {
                if (line[line.Length - text.Length + n] != text[n])
                    return;
            }

            seen = true;
            found();
        }
    }
}
