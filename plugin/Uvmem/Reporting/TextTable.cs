using System.Text;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>A table of text: first column to the left, others to the right.</summary>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> rows = [heads];

    /// <summary>Appends a row with as many cells as there are heads.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            text.Append("  ");
            for (int column = 0; column < row.Length; column++)
                text.Append(column == 0 ? row[column].PadRight(widths[column]) : "  " + row[column].PadLeft(widths[column]));
            text.AppendLine();
        }

        return text.ToString();
    }
}
