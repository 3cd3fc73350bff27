namespace RenodeUvmem.Power9.Tests.InstructionRecord;

/// <summary>Which tests ran which instructions in this run of the suite.</summary>
internal static class Record
{
    /// <summary>Names of tests in a line of the record that is committed.</summary>
    public const int MostNames = 4;

    private static readonly SortedDictionary<string, SortedSet<string>> TestsOf = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, string> OracleOf = [];

    public static void Add(string mnemonic, string test, string oracle)
    {
        if (!TestsOf.TryGetValue(mnemonic, out SortedSet<string>? tests))
            TestsOf[mnemonic] = tests = new(StringComparer.Ordinal);
        tests.Add(test);
        OracleOf[test] = oracle;
    }

    /// <summary>A line for each row: mnemonic, tests, oracles. Of many tests it names those with an oracle first, then those that run the fewest other instructions.</summary>
    /// <param name="most">Names in a line at most.</param>
    public static IEnumerable<string> Lines(int most)
    {
        var rowsOf = TestsOf.Values.SelectMany(tests => tests).GroupBy(test => test).ToDictionary(group => group.Key, group => group.Count());
        foreach ((string mnemonic, SortedSet<string> tests) in TestsOf)
        {
            IEnumerable<string> named = tests.OrderBy(test => OracleOf[test].Length == 0).ThenBy(test => rowsOf[test]).ThenBy(test => test, StringComparer.Ordinal).Take(most);
            IEnumerable<string> oracles = tests.Select(test => OracleOf[test]).Where(oracle => oracle.Length > 0).Distinct().Order(StringComparer.Ordinal);
            yield return $"{mnemonic}\t{string.Join(' ', named)}\t{string.Join(' ', oracles)}";
        }
    }
}
