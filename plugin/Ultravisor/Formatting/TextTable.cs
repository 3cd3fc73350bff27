using System.Text;

namespace RenodeUvmem.Ultravisor.Formatting;

/// <summary>A table of text: first column to the left, others to the right unless named.</summary>
public sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> rows = [heads];
    private readonly HashSet<int> left = [0];

    /// <summary>Rows below the heads.</summary>
    public int Count => rows.Count - 1;

    /// <summary>Puts columns of words to the left.</summary>
    public TextTable Left(params int[] columns)
    {
        left.UnionWith(columns);
        return this;
    }

    /// <summary>Appends a row with as many cells as there are heads.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    /// <summary>Lines with line ends.</summary>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < row.Length; column++)
                line.Append("  ").Append(left.Contains(column) ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
            text.AppendLine(line.ToString().TrimEnd());
        }

        return text.ToString();
    }
}
