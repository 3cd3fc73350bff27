namespace RenodeUvmem.Ultravisor.Formatting;

/// <summary>Finds what a person may have meant.</summary>
public static class CloseMatch
{
    private const int Reach = 3;
    private const int Most = 3;

    /// <summary>Names that begin with a text or differ from it in a few letters, closest first, whatever their case.</summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names) =>
    [
        .. names
            .Select(name => (Name: name, Distance: name.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 1 : Distance(text.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Reach)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .Take(Most),
    ];

    /// <summary><c>, did you mean A or B?</c>, or what to say if nothing is close.</summary>
    public static string Hint(string text, IEnumerable<string> names, string otherwise)
    {
        IReadOnlyList<string> close = text.Length == 0 ? [] : Of(text, names);
        return close.Count == 0 ? otherwise : $", did you mean {string.Join(" or ", close)}?";
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[b.Length];
    }
}
