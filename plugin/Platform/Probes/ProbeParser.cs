using System.Globalization;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Platform.Probes;

/// <summary>
/// Text form of gates and overrides, with the words of the ultravisor's rules:
/// <code>
/// gate:      PLACE [CONDITIONS] [after EVENT] until EVENT
/// override:  PLACE return=VALUE [CONDITIONS] [after EVENT] [until EVENT]
///
/// PLACE:       FUNCTION[+OFFSET] [at=return]
/// CONDITIONS:  [cpu=N] [rN=VALUE …] [from=FUNCTION] [within=FUNCTION] [nth=N] [count=N]
/// EVENT:       PLACE [CONDITIONS]                              a CPU comes there
///              CALL [cpu=N] [nth=N] [gfn=N] [lpid=N]           an ultracall or hypercall was answered
///              ticks=N                                         so much time of the machine has passed
///              console=TEXT                                    a line with TEXT is complete on the console
/// </code>
/// <c>from=</c> is the caller, <c>within=</c> a caller however far up. Without nth= a probe acts once. Events count from the moment they are waited for.
/// </summary>
public static class ProbeParser
{
    private const string After = "after";
    private const string Until = "until";
    private const string Ticks = "ticks=";
    private const string Line = "console=";
    private const string Return = "return";
    private const string PlaceShape = "FUNCTION[+OFFSET] [at=return] [cpu=N] [rN=VALUE] [from=FUNCTION] [within=FUNCTION] [nth=N] [count=N]";
    private const string EventShape = "FUNCTION, an ultracall or hypercall, ticks=N or console=TEXT";
    private const string Keys = "at, cpu, r3 to r31, from, within, nth or count";
    private const int FirstRegister = 3;
    private const int LastRegister = 31;

    /// <summary>Parses a gate.</summary>
    /// <exception cref="FormatException">The text is none; the message says what would be right.</exception>
    public static Gate ParseGate(string text)
    {
        Parts parts = Split("gate", text);
        if (parts.Until is null)
            throw new FormatException($"gate \"{text}\": nothing would release it; add {Until} and {EventShape}");
        var words = new Words("gate", parts.Place, $"{PlaceShape} {Until} EVENT");
        if (words.Peek(Return) is not null)
            throw words.Error("return= makes it an override; a gate only holds");
        PlaceWatch at = ParsePlace(words, each: false, Keys);
        return new Gate { Text = text.Trim(), At = at, After = ParseEvent(parts.After), Until = ParseEvent(parts.Until) };
    }

    /// <summary>Parses an override.</summary>
    /// <exception cref="FormatException">The text is none; the message says what would be right.</exception>
    public static Override ParseOverride(string text)
    {
        Parts parts = Split("override", text);
        var words = new Words("override", parts.Place, $"{PlaceShape} {Return}=VALUE");
        string value = words.Take(Return) ?? throw words.Error($"expected {Return}=VALUE");
        PlaceWatch at = ParsePlace(words, each: false, $"{Keys}, or {Return}");
        if (at.Place is { Offset: not 0, AtReturn: false })
            throw words.Error("only a whole function can be overridden: leave the offset out");
        return new Override { Text = text.Trim(), At = at, Value = ParseValue(words, value), After = ParseEvent(parts.After), Until = ParseEvent(parts.Until) };
    }

    private static ulong ParseValue(Words words, string value)
    {
        if (Number.TryParse(value, out ulong number))
            return number;
        return UReturn.Parse(value) is { } code ? (ulong)code : throw words.Error($"{Return}={value}: expected a number, decimal or 0x…, or a name such as U_PARAMETER");
    }

    private static ProbeEvent? ParseEvent(string? text)
    {
        if (text is null)
            return null;
        if (text.StartsWith(Ticks, StringComparison.OrdinalIgnoreCase))
        {
            return Number.TryParse(text[Ticks.Length..], out ulong ticks)
                ? new ProbeEvent { Text = text, Ticks = ticks }
                : throw new FormatException($"event \"{text}\": {Number.Expected}, in ticks of the time base (512 million a second)");
        }

        if (text.StartsWith(Line, StringComparison.OrdinalIgnoreCase) && text.Length > Line.Length)
            return new ProbeEvent { Text = text, Line = text[Line.Length..] };
        var words = new Words("event", text, EventShape);

        // Calls are written in capitals or as numbers; no function of Linux is.
        if (words.First.StartsWith("UV_", StringComparison.OrdinalIgnoreCase) || words.First.StartsWith("H_", StringComparison.OrdinalIgnoreCase) || char.IsDigit(words.First[0]))
            return new ProbeEvent { Text = text, Answer = AnswerWatch.Parse(text) };
        return new ProbeEvent { Text = text, Place = ParsePlace(words, each: true, Keys) };
    }

    private static PlaceWatch ParsePlace(Words words, bool each, string keys)
    {
        string[] parts = words.First.Split('+');
        ulong offset = 0;
        if (parts.Length > 2 || parts[0].Length == 0 || parts[0].Contains('=', StringComparison.Ordinal) || (parts.Length == 2 && !Number.TryParse(parts[1], out offset)))
            throw words.Error($"\"{words.First}\" is no place; expected FUNCTION or FUNCTION+OFFSET");
        if (offset % 4 != 0)
            throw words.Error($"no instruction is at offset {parts[1]}; they are 4 bytes long");
        bool atReturn = words.Take("at") switch
        {
            null => false,
            Return => true,
            var other => throw words.Error($"at={other}: expected at={Return}"),
        };
        if (atReturn && offset != 0)
            throw words.Error($"at={Return} needs a whole function: leave the offset out");
        (long nth, long? count) = words.TakeOccurrences(each);
        var watch = new PlaceWatch
        {
            Place = new ProbePlace(parts[0], offset, atReturn),
            Conditions = new ProbeConditions
            {
                Cpu = (uint?)words.TakeNumber("cpu"),
                From = words.Take("from"),
                Within = words.Take("within"),
                Registers = [.. TakeRegisters(words)],
            },
            Nth = nth,
            Count = count,
        };
        words.End(keys);
        return watch;
    }

    private static IEnumerable<(int Register, ulong Value)> TakeRegisters(Words words)
    {
        foreach (string key in words.Keys.ToArray())
        {
            if (key[0] is not ('r' or 'R') || !int.TryParse(key.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int register))
                continue;
            if (register is < FirstRegister or > LastRegister)
                throw words.Error($"{key}: expected r{FirstRegister} to r{LastRegister}; arguments are in r3 to r10");
            yield return (register, words.TakeNumber(key)!.Value);
        }
    }

    // "after" and "until" divide the text; "until=EVENT" may be written for "until EVENT".
    private static Parts Split(string kind, string text)
    {
        var parts = new Dictionary<string, List<string>> { [""] = [] };
        string current = "";
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string rest = word;
            foreach (string divider in new[] { After, Until })
            {
                if (!string.Equals(word, divider, StringComparison.OrdinalIgnoreCase) && !word.StartsWith(divider + "=", StringComparison.OrdinalIgnoreCase))
                    continue;
                current = divider;
                rest = word.Length > divider.Length ? word[(divider.Length + 1)..] : "";
                if (!parts.TryAdd(current, []))
                    throw new FormatException($"{kind} \"{text}\": {divider} is given twice");
            }

            if (rest.Length != 0)
                parts[current].Add(rest);
        }

        foreach (string divider in new[] { After, Until })
        {
            if (parts.TryGetValue(divider, out List<string>? words) && words.Count == 0)
                throw new FormatException($"{kind} \"{text}\": expected behind {divider}: {EventShape}");
        }

        string? Text(string part) => parts.TryGetValue(part, out List<string>? words) ? string.Join(' ', words) : null;
        return new Parts(Text("")!, Text(After), Text(Until));
    }

    private sealed record Parts(string Place, string? After, string? Until);
}
