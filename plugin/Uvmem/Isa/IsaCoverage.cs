using System.Globalization;
using System.Text;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem;

/// <summary>
/// What of POWER9 is in the instruction table, and which tests run each row. The names of POWER9's instructions are those of binutils, so that the table is
/// not measured by itself; who ran a row was recorded by the tests.
/// </summary>
internal sealed class IsaCoverage
{
    /// <summary>Resource: a name of a POWER9 instruction a line. A test compares the list with binutils.</summary>
    public const string Mnemonics = "Isa.mnemonics.txt";

    /// <summary>Resource: a row a line: its mnemonic, tests that ran it, oracles these compare with; columns end with a tab, words with a space.</summary>
    public const string CoveredBy = "Isa.covered-by.txt";

    private readonly List<(InstructionRow Row, string Tests, string Oracles)> rows = [];
    private readonly int names;

    /// <summary>Joins names, table and record.</summary>
    /// <param name="mnemonics">Lines of <see cref="Mnemonics"/>.</param>
    /// <param name="record">Lines of <see cref="CoveredBy"/>.</param>
    public IsaCoverage(IReadOnlyList<string> mnemonics, IEnumerable<string> record)
    {
        var recorded = record.Select(line => line.Split('\t')).Where(columns => columns.Length == 3).ToDictionary(columns => columns[0], StringComparer.Ordinal);
        foreach (InstructionRow row in InstructionTable.Instance.Rows.OrderBy(row => row.Declaration.Mnemonic, StringComparer.Ordinal))
        {
            string[]? columns = recorded.GetValueOrDefault(row.Declaration.Mnemonic);
            rows.Add((row, columns?[1] ?? "", columns?[2] ?? ""));
        }

        var table = new HashSet<string>(rows.SelectMany(one => one.Row.Mnemonics()), StringComparer.Ordinal);
        names = mnemonics.Count;
        Missing = [.. mnemonics.Where(name => !table.Contains(name))];
        Untested = [.. rows.Where(one => one.Tests.Length == 0).Select(one => one.Row.Declaration.Mnemonic)];
    }

    /// <summary>Instructions of POWER9 that the table lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Rows that no test ran.</summary>
    public IReadOnlyList<string> Untested { get; }

    /// <summary>Nothing is missing.</summary>
    public bool IsComplete => Missing.Count == 0 && Untested.Count == 0;

    /// <summary>Lines of a resource.</summary>
    public static string[] Embedded(string resource)
    {
        using Stream stream = typeof(IsaCoverage).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"no resource {resource}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A line for each row, then the sums.</summary>
    public string Text()
    {
        var table = new TextTable("instruction", "section", "privilege", "compared with", "tests");
        foreach ((InstructionRow row, string tests, string oracles) in rows)
            table.Add(row.Declaration.Mnemonic, row.Declaration.Section, row.Declaration.Privilege.ToString(), oracles, tests.Length == 0 ? "none" : tests);
        var text = new StringBuilder(table.ToString()).AppendLine();
        text.AppendLine(Sum("POWER9 instructions implemented", names - Missing.Count, names));
        text.AppendLine(Sum("rows of the table that a test runs", rows.Count - Untested.Count, rows.Count));
        text.AppendLine(Sum("rows compared with an independent oracle", rows.Count(one => one.Oracles.Length > 0), rows.Count));
        if (Missing.Count > 0)
            text.AppendLine($"not implemented: {string.Join(' ', Missing)}");
        if (Untested.Count > 0)
            text.AppendLine($"no test: {string.Join(' ', Untested)}");
        return text.ToString();
    }

    private static string Sum(string what, int count, int all) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}: {count} of {all} ({100.0 * count / all:0.0} %)");
}
