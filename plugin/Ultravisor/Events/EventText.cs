using System.Globalization;
using System.Text;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>
/// An event as one line for a person: <c>[   123456789] cpu0 lpid 1 UV_PAGE_IN(ra=0x20000, gpa=0x10000, flags=0, order=16) -> 0</c>, with symbols
/// also <c>from kvmppc_share_page+0x54</c>.
/// </summary>
public static class EventText
{
    /// <summary>The line, without a line end.</summary>
    public static string Format(in UvEvent happened, ISymbols? symbols = null)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"[{happened.Instruction,12}] ");
        line.Append(happened.Cpu < 0 ? "device" : $"cpu{happened.Cpu}");
        line.Append(CultureInfo.InvariantCulture, $" lpid {happened.Lpid} ");
        switch (happened.Kind)
        {
            case UvEventKind.UltraCall:
                line.Append(CallName.Of((UltraCall)happened.Number));
                AppendArguments(line, UltravisorModel.ArgumentNames((UltraCall)happened.Number), happened.Args);
                line.Append(CultureInfo.InvariantCulture, $" -> {UReturn.Text(happened.Result)}");
                AppendFunction(line, " from ", happened.Site, symbols);
                break;
            case UvEventKind.UltraCallBegun:
                line.Append("begins ").Append(CallName.Of((UltraCall)happened.Number));
                AppendArguments(line, UltravisorModel.ArgumentNames((UltraCall)happened.Number), happened.Args);
                break;
            case UvEventKind.ReverseCall:
            case UvEventKind.Reflection:
                line.Append(happened.Kind == UvEventKind.ReverseCall ? "uv calls " : "guest calls ");
                line.Append(CallName.Of((HCall)happened.Number));
                AppendArguments(line, CallNames.Of((HCall)happened.Number), happened.Args);
                break;
            case UvEventKind.ReverseResult:
                line.Append(CultureInfo.InvariantCulture, $"{CallName.Of((HCall)happened.Number)} = {UReturn.Text(happened.Result)}");
                break;
            case UvEventKind.Interrupt:
                line.Append(CultureInfo.InvariantCulture, $"interrupt 0x{happened.Number:x} to the hypervisor");
                break;
            case UvEventKind.Injection:
                line.Append(CultureInfo.InvariantCulture, $"interrupt injected at 0x{happened.Number:x}");
                break;
            case UvEventKind.PageState:
                line.Append(CultureInfo.InvariantCulture, $"page 0x{happened.Args[0]:x} {happened.From} -> {happened.To}");
                break;
            case UvEventKind.Violation:
                line.Append(CultureInfo.InvariantCulture, $"violation: {happened.Text} of secure memory 0x{happened.Args[0]:x} at instruction 0x{happened.Args[1]:x}");
                AppendFunction(line, " ", happened.Site, symbols);
                break;
            case UvEventKind.Rule:
                line.Append(CultureInfo.InvariantCulture, $"rule: {happened.Text}");
                break;
            default:
                line.Append(happened.Text);
                break;
        }

        return line.ToString();
    }

    /// <summary>An argument's value: addresses are hexadecimal, counts and flags decimal.</summary>
    internal static string Argument(string name, ulong value) =>
        name is "flags" or "order" or "slot" or "count" or "spr" or "chip" or "operation" ? $"{value}" : $"0x{value:x}";

    /// <summary>Names and values of a call's arguments; none for what is no call.</summary>
    internal static IEnumerable<(string Name, string Value)> ArgumentsOf(in UvEvent happened) => Pairs(NamesOf(happened), happened.Args);

    /// <summary>Names of a call's arguments.</summary>
    internal static string[] NamesOf(in UvEvent happened) => happened.Kind switch
    {
        UvEventKind.UltraCall or UvEventKind.UltraCallBegun => UltravisorModel.ArgumentNames((UltraCall)happened.Number),
        UvEventKind.ReverseCall or UvEventKind.Reflection => CallNames.Of((HCall)happened.Number),
        _ => [],
    };

    /// <summary>What was refused.</summary>
    internal static string ViolationKind(in SecureViolation violation) => violation.InWalk ? "table walk" : violation.Kind.ToString();

    private static void AppendFunction(StringBuilder line, string before, in CallSite site, ISymbols? symbols)
    {
        if (site.Function(symbols) is { } function)
            line.Append(before).Append(function);
    }

    // The partition stands at the beginning of the line already.
    private static void AppendArguments(StringBuilder line, string[] names, CallArguments values)
    {
        line.Append('(');
        line.AppendJoin(", ", Pairs(names, values).Where(pair => pair.Name != "lpid").Select(pair => $"{pair.Name}={pair.Value}"));
        line.Append(')');
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string[] names, CallArguments values) =>
        names.Select((name, n) => (name, Argument(name, values[n])));
}
