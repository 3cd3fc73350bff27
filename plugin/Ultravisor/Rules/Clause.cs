using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>The words of a rule or break: what it waits for, and pairs of key and value that are taken one after the other.</summary>
internal sealed class Clause
{
    private const string Break = "break";

    private readonly string text;
    private readonly string kind;
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Splits a text.</summary>
    /// <param name="kind">"rule" or "break", for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="shape">What a right one looks like.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public Clause(string kind, string text, string shape)
    {
        this.text = text;
        this.kind = kind;
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new FormatException($"empty {kind}: expected {shape}");
        if (OccasionName.Find(words[0]) is { } occasion)
            Occasion = occasion;
        else
            (Occasion, Call) = ParseCall(words[0]);
        foreach (string word in words.Skip(1))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && string.Equals(word, Break, StringComparison.OrdinalIgnoreCase))
                IsBreak = true;
            else if (equals <= 0)
                throw Error($"\"{word}\" is not of the form key=value");
            else if (!values.TryAdd(word[..equals], word[(equals + 1)..]))
                throw Error($"{word[..equals]} is given twice");
        }
    }

    /// <summary>What it waits for.</summary>
    public Occasion Occasion { get; }

    /// <summary>The call, or 0.</summary>
    public ulong Call { get; }

    /// <summary>Whether the word "break" is among the words.</summary>
    public bool IsBreak { get; }

    /// <summary>Whether it waits for a call.</summary>
    public bool IsCall => Occasion is Occasion.UltraCall or Occasion.Hypercall;

    /// <summary>An error with the text in front.</summary>
    public FormatException Error(string problem) => new($"{kind} \"{text}\": {problem}");

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

    /// <summary>Takes gfn= or gpa= out: the number of a frame, or null.</summary>
    public ulong? TakeFrame()
    {
        ulong? gfn = TakeNumber("gfn");
        ulong? gpa = TakeNumber("gpa");
        if (gfn is not null && gpa is not null)
            throw Error("gfn= and gpa= say the same; give one");
        if ((gfn ?? gpa) is not null && !IsCall)
            throw Error($"{OccasionName.Of(Occasion)} is not about one frame; leave gfn= and gpa= out");
        return gfn ?? gpa / SecureHeap.FrameSize;
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

    private static (Occasion Occasion, ulong Call) ParseCall(string name)
    {
        try
        {
            var call = CallName.Parse(name);
            return (call.IsHypercall ? Occasion.Hypercall : Occasion.UltraCall, call.Number);
        }
        catch (FormatException) when (CloseMatch.Of(name, OccasionName.All) is [var close, ..])
        {
            throw new FormatException($"\"{name}\" is no ultracall, hypercall or step in an SVM's life, did you mean {close}?");
        }
    }
}
