using System.Globalization;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Text form of a rule: <c>CALL [nth=N|nth=every] [gfn=N] [lpid=N] return=CODE</c> or
/// <c>CALL … hcall=NAME argument=N …</c>. Numbers are decimal or 0x…; CODE also by name, as in <c>return=U_PARAMETER</c>.
/// </summary>
public static class RuleParser
{
    // Points where a CPU of the SVM waits, so that the hypervisor can be called on its behalf.
    private static readonly UltraCall[] GuestCalls = [UltraCall.UV_SHARE_PAGE, UltraCall.UV_UNSHARE_PAGE, UltraCall.UV_UNSHARE_ALL_PAGES];

    /// <summary>Parses a rule.</summary>
    /// <exception cref="FormatException">The text is no rule; the message says what would be right.</exception>
    public static Rule Parse(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new FormatException("empty rule: expected CALL [nth=N] [gfn=N] [lpid=N] return=CODE, or CALL … hcall=NAME …");
        (ulong call, bool isHypercall) = ParseCall(words[0]);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string word in words.Skip(1))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new FormatException($"rule \"{text}\": \"{word}\" is not of the form key=value");
            if (!values.TryAdd(word[..equals], word[(equals + 1)..]))
                throw new FormatException($"rule \"{text}\": {word[..equals]} is given twice");
        }

        HCall? hypercall = null;
        ulong[] arguments = [];
        if (Take(values, "hcall") is { } name)
        {
            hypercall = ParseHypercall(text, name);
            if (!isHypercall && !GuestCalls.Contains((UltraCall)call))
                throw new FormatException($"rule \"{text}\": hcall= needs a call that the SVM makes: {string.Join(", ", GuestCalls)} or a hypercall");
            arguments = [.. CallNames.Of(hypercall.Value).Select(argument => Argument(text, values, argument, name))];
        }

        long? code = Take(values, "return") is { } returned
            ? UReturn.Parse(returned) ?? throw new FormatException($"rule \"{text}\": return={returned}: expected a number or a name such as U_PARAMETER")
            : null;
        if (code is null == hypercall is null)
            throw new FormatException($"rule \"{text}\": expected either return=CODE or hcall=NAME");
        var rule = new Rule
        {
            Text = text,
            Call = call,
            IsHypercall = isHypercall,
            Nth = ParseNth(text, Take(values, "nth")),
            Gfn = Take(values, "gfn") is { } gfn ? Number(text, "gfn", gfn) : null,
            Lpid = Take(values, "lpid") is { } lpid ? Number(text, "lpid", lpid) : null,
            Return = code,
            Hypercall = hypercall,
            HypercallArguments = arguments,
        };
        if (values.Count > 0)
            throw new FormatException($"rule \"{text}\": unknown key {values.Keys.First()}; expected nth, gfn, lpid, return, hcall or an argument of the hcall");
        return rule;
    }

    private static (ulong Call, bool IsHypercall) ParseCall(string name)
    {
        if (Enum.TryParse(name, ignoreCase: true, out UltraCall ultra) && Enum.IsDefined(ultra))
            return ((ulong)ultra, false);
        if (Enum.TryParse(name, ignoreCase: true, out HCall hyper) && Enum.IsDefined(hyper))
            return ((ulong)hyper, true);
        throw new FormatException($"\"{name}\" is no ultracall or hypercall; ultracalls are {string.Join(", ", Enum.GetNames<UltraCall>())}");
    }

    private static HCall ParseHypercall(string text, string name)
    {
        if (Enum.TryParse(name, ignoreCase: true, out HCall call) && CallNames.Named.Contains(call))
            return call;
        throw new FormatException($"rule \"{text}\": hcall={name}: expected one of {string.Join(", ", CallNames.Named)}");
    }

    private static long ParseNth(string text, string? value)
    {
        if (value is null)
            return 1;
        if (string.Equals(value, "every", StringComparison.OrdinalIgnoreCase))
            return 0;
        ulong nth = Number(text, "nth", value);
        return nth is > 0 and <= long.MaxValue ? (long)nth : throw new FormatException($"rule \"{text}\": nth={value}: expected 1 or more, or every");
    }

    private static ulong Argument(string text, Dictionary<string, string> values, string argument, string call) =>
        Take(values, argument) is { } value
            ? Number(text, argument, value)
            : throw new FormatException($"rule \"{text}\": {call} needs {argument}=");

    private static ulong Number(string text, string key, string value)
    {
        bool hexadecimal = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool good = hexadecimal
            ? ulong.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return good ? number : throw new FormatException($"rule \"{text}\": {key}={value}: expected a number, decimal or 0x…");
    }

    private static string? Take(Dictionary<string, string> values, string key) => values.Remove(key, out string? value) ? value : null;
}
