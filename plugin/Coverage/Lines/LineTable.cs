namespace RenodeUvmem.Coverage.Lines;

/// <summary>The lines of one compiled file that have code: instructions of their own, or a call of a function that was inlined.</summary>
public sealed class LineTable
{
    private readonly Dictionary<int, Parts> lines = [];

    /// <summary>Collects them.</summary>
    /// <param name="spans">All spans of the compiled file, with those of what it includes.</param>
    /// <param name="tools">Tell who calls what was inlined.</param>
    /// <param name="file">Path of the compiled file.</param>
    public LineTable(IEnumerable<LineSpan> spans, DebugTools tools, string file)
    {
        LineSpan[] all = [.. spans];
        LineSpan[] withCode = [.. all.Where(span => span.End > span.Start)];
        IReadOnlyList<IReadOnlyList<SourceFrame>> frames = tools.Frames([.. withCode.Select(span => span.Start)]);
        for (int n = 0; n < withCode.Length; n++)
        {
            foreach (SourceFrame frame in frames[n].Where(frame => frame.File == file && frame.Line > 0))
                Of(frame.Line, frame.Function).Inside.Add(withCode[n].Start);
        }

        foreach (LineSpan span in all.Where(span => span.File == file && lines.ContainsKey(span.Line)))
        {
            Parts line = lines[span.Line];
            if (span.IsStatement)
                line.Statements.Add(span.Start);
            for (ulong address = span.Start; address < span.End; address += sizeof(uint))
                line.Own.Add(address);
        }
    }

    /// <summary>The lines, ascending.</summary>
    public IEnumerable<SourceLine> Lines => lines.OrderBy(line => line.Key).Select(line => line.Value.Line(line.Key));

    private Parts Of(int number, string function)
    {
        if (!lines.TryGetValue(number, out Parts? line))
            lines[number] = line = new Parts(function);
        return line;
    }

    private sealed class Parts(string function)
    {
        public SortedSet<ulong> Inside { get; } = [];

        public SortedSet<ulong> Statements { get; } = [];

        public SortedSet<ulong> Own { get; } = [];

        // Where a statement begins says best whether the line was executed; what the compiler moved elsewhere counts only if there is no such place.
        public SourceLine Line(int number) => new(number, function, [.. Statements.Count != 0 ? Statements : Own.Count != 0 ? Own : Inside], [.. Own]);
    }
}
