using System.Globalization;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem isa</c>: the instruction table, and with <c>--coverage</c> what of POWER9 is in it and which tests run it.</summary>
internal static class IsaCommand
{
    /// <summary>Prints the rows whose mnemonic has a text in it.</summary>
    /// <exception cref="OptionException">More than one word was given, or no instruction matches.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length > 0 && words[0] == "--coverage")
            return Coverage(words[1..]);
        if (words.Length > 1)
            throw new OptionException(words[1], "expected one text at most");
        string text = words.Length == 0 ? "" : words[0];
        var table = new TextTable("instruction", "operands", "form", "mask", "value", "section");
        int count = 0;
        foreach (InstructionRow row in InstructionTable.Instance.Rows.OrderBy(row => row.Declaration.Mnemonic, StringComparer.Ordinal))
        {
            InsnAttribute declaration = row.Declaration;
            if (!declaration.Mnemonic.Contains(text, StringComparison.OrdinalIgnoreCase))
                continue;
            table.Add(declaration.Mnemonic, declaration.Operands, declaration.Form.ToString(), Hex(row.Mask), Hex(row.Value), declaration.Section);
            count++;
        }

        if (count == 0)
            throw new OptionException(text, "no instruction has this in its name");
        Console.Out.Write(table);
        return ExitCode.Done;
    }

    // --coverage [FILE]: FILE is what a run of the tests recorded just now, in place of the record that was committed.
    private static int Coverage(ReadOnlySpan<string> words)
    {
        if (words.Length > 1)
            throw new OptionException(words[1], "expected one file at most: a record of the tests");
        string[] record;
        try
        {
            record = words.Length == 1 ? File.ReadAllLines(words[0]) : IsaCoverage.Embedded(IsaCoverage.CoveredBy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(words[0], e.Message);
        }

        var coverage = new IsaCoverage(IsaCoverage.Embedded(IsaCoverage.Mnemonics), record);
        Console.Out.Write(coverage.Text());
        return coverage.IsComplete ? ExitCode.Done : ExitCode.NotDone;
    }

    private static string Hex(uint word) => word.ToString("x8", CultureInfo.InvariantCulture);
}
