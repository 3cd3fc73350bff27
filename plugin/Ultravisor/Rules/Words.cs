using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>
/// Words of a rule, break, gate or override: a first one, and behind it pairs of key and value, which are taken one after the other. What all these have in
/// common is read and complained about here.
/// </summary>
public class Words
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> bare = new(StringComparer.OrdinalIgnoreCase);
    private readonly string kind;
    private readonly string text;

    /// <summary>Splits a text.</summary>
    /// <param name="kind">What it is, for messages: "rule", "gate".</param>
    /// <param name="text">The text.</param>
    /// <param name="shape">What a right one looks like.</param>
    /// <param name="allowed">Words that may stand without a value.</param>
    /// <exception cref="FormatException">It is empty, or a word is no pair.</exception>
    public Words(string kind, string text, string shape, params string[] allowed)
    {
        this.kind = kind;
        this.text = text;
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new FormatException($"empty {kind}: expected {shape}");
        First = words[0];
        foreach (string word in words.Skip(1))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && allowed.Contains(word, StringComparer.OrdinalIgnoreCase))
                bare.Add(word);
            else if (equals <= 0)
                throw Error($"\"{word}\" is not of the form key=value");
            else if (!values.TryAdd(word[..equals], word[(equals + 1)..]))
                throw Error($"{word[..equals]} is given twice");
        }
    }

    /// <summary>The first word.</summary>
    public string First { get; }

    /// <summary>Keys that were not taken yet.</summary>
    public IEnumerable<string> Keys => values.Keys;

    /// <summary>An error with the text in front.</summary>
    public FormatException Error(string problem) => new($"{kind} \"{text}\": {problem}");

    /// <summary>Whether a word without a value was given.</summary>
    public bool Has(string word) => bare.Contains(word);

    /// <summary>A value, or null; it still has to be taken.</summary>
    public string? Peek(string key) => values.GetValueOrDefault(key);

    /// <summary>Takes a value out, or null.</summary>
    public string? Take(string key) => values.Remove(key, out string? value) ? value : null;

    /// <summary>Takes a number out, or null.</summary>
    public ulong? TakeNumber(string key)
    {
        if (Take(key) is not { } value)
            return null;
        return Number.TryParse(value, out ulong number) ? number : throw Error($"{key}={value}: {Number.Expected}");
    }

    /// <summary>Takes nth= and count= out.</summary>
    /// <param name="withoutNth">Whether it acts on all occurrences if there is no nth=.</param>
    public (long Nth, long? Count) TakeOccurrences(bool withoutNth)
    {
        string? nth = Take("nth");
        bool each = nth is null ? withoutNth : IsEvery(nth);
        long first = nth is null || each ? 1 : Positive("nth", nth);
        if (Take("count") is not { } count)
            return (first, each ? null : 1);
        return (first, IsEvery(count) ? null : Positive("count", count));
    }

    /// <summary>All must have been taken.</summary>
    public void End(string expected)
    {
        if (values.Count > 0)
            throw Error($"unknown key {values.Keys.First()}; expected {expected}");
    }

    private static bool IsEvery(string value) => string.Equals(value, RuleParser.Every, StringComparison.OrdinalIgnoreCase);

    private long Positive(string key, string value)
    {
        if (!Number.TryParse(value, out ulong number))
            throw Error($"{key}={value}: {Number.Expected}, or {RuleParser.Every}");
        return number is > 0 and <= long.MaxValue ? (long)number : throw Error($"{key}={value}: expected 1 or more, or {RuleParser.Every}");
    }
}
