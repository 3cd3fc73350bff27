using System.Text.RegularExpressions;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>A row of a Robot file: cells between two or more spaces, with those of its continuation lines (<c>...</c>).</summary>
/// <param name="Place">First line.</param>
/// <param name="IsIndented">It belongs to the test or keyword above.</param>
/// <param name="Cells">Cells, at least one; as written, but for ${CURDIR}.</param>
internal sealed partial record RobotRow(Place Place, bool IsIndented, IReadOnlyList<string> Cells)
{
    /// <summary>First cell.</summary>
    public string Head => Cells[0];

    /// <summary>Cells after the first.</summary>
    public IReadOnlyList<string> Rest => [.. Cells.Skip(1)];

    /// <summary>Rows of a text; comments and empty lines are left out.</summary>
    public static List<RobotRow> Read(string file, string text)
    {
        // As Robot Framework does it, when the file is read.
        string folder = (Path.GetDirectoryName(file) ?? "").Replace("\\", "\\\\");
        var rows = new List<RobotRow>();
        int number = 0;
        foreach (string line in text.Replace("\r\n", "\n").Split('\n'))
        {
            number++;
            List<string> cells = [.. Separator().Split(line.TrimEnd()).TakeWhile(cell => !cell.StartsWith('#')).Select(cell => cell.Replace("${CURDIR}", folder))];
            bool indented = cells.Count > 0 && cells[0].Length == 0;
            if (indented)
                cells.RemoveAt(0);
            if (cells.Count == 0 || cells.All(cell => cell.Length == 0))
                continue;
            var place = new Place(file, number);
            if (cells[0] != "...")
                rows.Add(new RobotRow(place, indented, cells));
            else if (rows.Count == 0)
                throw new RobotException(place, "there is nothing that ... could continue");
            else
                rows[^1] = rows[^1] with { Cells = [.. rows[^1].Cells, .. cells.Skip(1)] };
        }

        return rows;
    }

    [GeneratedRegex(@"\t[ \t]*| {2,}\t*[ \t]*")]
    private static partial Regex Separator();
}
