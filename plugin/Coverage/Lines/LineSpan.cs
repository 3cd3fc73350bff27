namespace RenodeUvmem.Coverage.Lines;

/// <summary>Instructions that belong to one line of one file: of all the places that a function was inlined to, one piece of one.</summary>
/// <param name="File">Path as the compiler was given it.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Start">Address of the first instruction.</param>
/// <param name="End">Address behind the last; equal to <paramref name="Start"/> where a statement begins that has no instruction of its own there.</param>
/// <param name="IsStatement">Whether a statement of the line begins at the start.</param>
public readonly record struct LineSpan(string File, int Line, ulong Start, ulong End, bool IsStatement)
{
    /// <summary>
    /// Makes spans of rows. Of rows with one address the last has the instruction; the others are statements that the compiler has nothing to do for.
    /// </summary>
    public static IEnumerable<LineSpan> Of(IEnumerable<LineRow> rows)
    {
        LineRow? last = null;
        foreach (LineRow row in rows)
        {
            if (last is { Line: > 0 } begun && row.Address >= begun.Address)
                yield return new LineSpan(begun.File, begun.Line, begun.Address, row.Address, begun.IsStatement);
            last = row;
        }
    }
}
