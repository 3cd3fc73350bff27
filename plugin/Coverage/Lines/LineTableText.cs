using System.Globalization;

namespace RenodeUvmem.Coverage.Lines;

/// <summary>
/// Reads what <c>objdump -w --dwarf=decodedline</c> prints: headings with a path and a colon, those of a compiled file with CU: before it, and below them rows of name, line (or <c>-</c> at the end of a sequence), address, view, <c>x</c>
/// where a statement begins.
/// </summary>
public static class LineTableText
{
    private const string UnitHeading = "CU: ";

    // Behind the colon where the path is relative to the folder of the compiler.
    private const string RelativeMark = "[++]";

    /// <summary>All rows in the order of the text, which is that of addresses within each sequence.</summary>
    public static IEnumerable<LineRow> Read(TextReader text)
    {
        string unit = "";
        string file = "";
        while (text.ReadLine() is { } whole)
        {
            string line = whole.EndsWith(RelativeMark, StringComparison.Ordinal) ? whole[..^RelativeMark.Length] : whole;
            if (line.EndsWith(':'))
            {
                bool begins = line.StartsWith(UnitHeading, StringComparison.Ordinal);
                file = line[(begins ? UnitHeading.Length : 0)..^1];
                unit = begins ? file : unit;
                continue;
            }

            if (TryReadRow(line, out LineRow row))
                yield return row with { Unit = unit, File = file };
        }
    }

    private static bool TryReadRow(string line, out LineRow row)
    {
        row = default;
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !TryReadAddress(words[2], out ulong address))
            return false;
        int number = 0;
        if (words[1] != "-" && !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;
        row = new LineRow("", address, "", number, words[^1] == "x");
        return true;
    }

    private static bool TryReadAddress(string text, out ulong address) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);
}
