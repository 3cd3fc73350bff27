namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>Text of the operations of a case, kept only when somebody is going to read it.</summary>
internal sealed class Story(bool kept)
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    /// <summary>Begins a line.</summary>
    public void Tell(string text)
    {
        if (kept)
            lines.Add(text);
    }

    /// <summary>Adds to the line.</summary>
    public void Add(string text)
    {
        if (kept && lines.Count > 0)
            lines[^1] += text;
    }

    /// <summary>Adds to the line text that is worth its cost only if kept.</summary>
    public void Add(Func<string> text)
    {
        if (kept)
            Add(text());
    }
}
