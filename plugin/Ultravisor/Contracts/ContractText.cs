using System.Globalization;
using System.Text;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Contracts;

/// <summary>Contracts as text.</summary>
public static class ContractText
{
    private const int Width = 100;

    /// <summary>A list of all that can be explained.</summary>
    public static string List()
    {
        var text = new StringBuilder();
        foreach ((string title, bool hypercall) in (ReadOnlySpan<(string, bool)>)[("ultracalls", false), ("hypercalls that the ultravisor makes", true)])
        {
            var table = new TextTable(title, "number", "").Left(2);
            foreach (Contract contract in ContractBook.Calls.Where(one => one.Call.IsHypercall == hypercall))
                table.Add(contract.Call.ToString(), Hex(contract.Call.Number), First(contract.Purpose));
            text.Append(table).AppendLine();
        }

        var states = new TextTable("page states", "number", "").Left(2);
        foreach (PageState state in Enum.GetValues<PageState>())
            states.Add(state.ToString(), $"{(int)state}", First(ContractBook.Purpose(state)));
        return text.Append(states).ToString();
    }

    /// <summary>All about a call.</summary>
    public static string Of(Contract contract)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{contract.Call} ({Hex(contract.Call.Number)}), {(contract.Call.IsHypercall ? "hypercall" : "ultracall")}");
        Wrap(text, "  ", contract.Purpose);
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"  made by    {contract.Caller}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  arguments  {(contract.Arguments.Count == 0 ? "none" : string.Join(", ", contract.Arguments.Select((name, n) => $"R{4 + n} {name}")))}");
        text.AppendLine();
        text.AppendLine("  answer in R3");
        foreach (AnswerAttribute answer in contract.Answers)
            Wrap(text, "    " + UReturn.Text(answer.Code).PadRight(21), answer.When);
        if (contract.Within.Count != 0)
        {
            text.AppendLine().AppendLine("  calls within it");
            foreach (WithinAttribute within in contract.Within)
                Wrap(text, "    " + within.Call.PadRight(24), within.Why);
        }

        if (!contract.Call.IsHypercall && Laboratory.PageCalls.Contains((UltraCall)contract.Call.Number))
            text.AppendLine().Append(Indent(States((UltraCall)contract.Call.Number)));
        text.AppendLine().AppendLine("  Linux");
        foreach (LinuxAttribute place in contract.Linux)
            text.AppendLine(CultureInfo.InvariantCulture, $"    {place.File}: {place.Function}  {place.Role}");
        if (contract.Linux.Count == 0)
            text.AppendLine("    does not use it");
        return text.ToString();
    }

    /// <summary>All about a page state.</summary>
    public static string Of(PageState state)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{state} ({(int)state}), page state");
        Wrap(text, "  ", ContractBook.Purpose(state));
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"  Linux notes  {ContractBook.KvmGfn(state) ?? "as before or after: the state lasts no longer than a call"}");
        text.AppendLine();
        var leaves = new TextTable("what calls do to it", "answer", "then", "calls within").Left(1, 2, 3);
        var enters = new TextTable("how a page gets here", "from").Left(1);
        foreach (UltraCall call in Laboratory.PageCalls)
        {
            Behaviour here = Laboratory.Try(call, state);
            leaves.Add(call.ToString(), UReturn.Text(here.Answer), Path(here), string.Join(", ", here.Within));
            foreach (PageState other in Enum.GetValues<PageState>().Where(one => one != state))
            {
                if (Laboratory.Try(call, other).Path.Contains(state))
                    enters.Add(call.ToString(), other.ToString());
            }
        }

        text.Append(Indent(leaves));
        if (enters.Count != 0)
            text.AppendLine().Append(Indent(enters));
        return text.ToString();
    }

    private static TextTable States(UltraCall call)
    {
        var table = new TextTable("page before", "answer", "page then", "calls within").Left(1, 2, 3);
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            Behaviour behaviour = Laboratory.Try(call, state);
            table.Add(state.ToString(), UReturn.Text(behaviour.Answer), Path(behaviour), string.Join(", ", behaviour.Within));
        }

        return table;
    }

    private static string Path(Behaviour behaviour) => behaviour.Path.Count == 0 ? behaviour.Before.ToString() : string.Join(", ", behaviour.Path);

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    private static string First(string purpose)
    {
        int end = purpose.IndexOfAny(['.', ';']);
        return end < 0 ? purpose : purpose[..end];
    }

    private static string Indent(TextTable table) =>
        string.Concat(table.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "  " + line.TrimEnd() + Environment.NewLine));

    // Lines behind the first begin where its text does.
    private static void Wrap(StringBuilder text, string before, string words)
    {
        var line = new StringBuilder(before);
        foreach (string word in words.Split(' '))
        {
            if (line.Length + word.Length > Width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', before.Length);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
