using System.Globalization;
using System.Text;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>Variables of a test or keyword over those of its suite. Values are strings, numbers, truth values, lists, dictionaries, null.</summary>
/// <param name="suite">Variables of the suite, or null for those themselves.</param>
internal sealed class Variables(Variables? suite = null)
{
    private readonly Dictionary<string, object?> values = new(Names.Comparer);

    /// <summary>Sets a variable here.</summary>
    public object? this[string name]
    {
        set => values[name] = value;
    }

    /// <summary>Whether a cell takes a result: <c>${name}</c> or <c>${name}=</c>.</summary>
    public static bool IsTarget(string cell)
    {
        string bare = cell.TrimEnd('=', ' ');
        return (bare.StartsWith("${", StringComparison.Ordinal) || bare.StartsWith("@{", StringComparison.Ordinal)) && bare.IndexOf('}') == bare.Length - 1;
    }

    /// <summary>The name in <c>${name}</c> or <c>@{name}</c>.</summary>
    public static string NameIn(Place place, string cell) =>
        IsTarget(cell) ? cell.TrimEnd('=', ' ')[2..^1] : throw new RobotException(place, $"{cell} is no variable");

    /// <summary>Whether a variable was set here.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>Values of a cell: those of a list for <c>@{list}</c>, else one.</summary>
    public IEnumerable<object?> Values(Place place, string cell)
    {
        if (!cell.StartsWith("@{", StringComparison.Ordinal) || !IsTarget(cell))
            return [Value(place, cell)];
        return Find(place, cell[2..^1]) as IEnumerable<object?> ?? throw new RobotException(place, $"{cell} is no list");
    }

    /// <summary>Value of a cell: that of its variable if it is nothing else, else text with the variables in it replaced.</summary>
    public object? Value(Place place, string cell)
    {
        var text = new StringBuilder();
        for (int at = 0; at < cell.Length;)
        {
            if (cell[at] == '\\' && at + 1 < cell.Length)
            {
                text.Append(cell[at + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
                at += 2;
            }
            else if (cell[at] == '$' && at + 1 < cell.Length && cell[at + 1] == '{')
            {
                int start = at;
                object? value = Reference(place, cell, ref at);
                if (start == 0 && at == cell.Length)
                    return value;
                text.Append(Text(value));
            }
            else
            {
                text.Append(cell[at++]);
            }
        }

        return text.ToString();
    }

    /// <summary>A value as text.</summary>
    public static string Text(object? value) => value switch
    {
        null => "None",
        string text => text,
        bool truth => truth ? "True" : "False",
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(pair => $"{pair.Key}: {Text(pair.Value)}"))}}}",
        IEnumerable<object?> list => $"[{string.Join(", ", list.Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // ${name} with any number of [key] behind it.
    private object? Reference(Place place, string cell, ref int at)
    {
        object? value = Find(place, Part(place, cell, ref at, 2, '}'));
        while (at < cell.Length && cell[at] == '[')
            value = Element(place, value, Text(Value(place, Part(place, cell, ref at, 1, ']'))));
        return value;
    }

    private static string Part(Place place, string cell, ref int at, int skip, char end)
    {
        int close = cell.IndexOf(end, at);
        if (close < 0)
            throw new RobotException(place, $"a {end} is missing in {cell}");
        string part = cell[(at + skip)..close];
        at = close + 1;
        return part;
    }

    private static object? Element(Place place, object? value, string key) => value switch
    {
        IReadOnlyDictionary<string, object?> map when map.TryGetValue(key, out object? item) => item,
        IReadOnlyList<object?> list when int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
            && index >= -list.Count && index < list.Count => list[index < 0 ? index + list.Count : index],
        _ => throw new RobotException(place, $"{Text(value)} has no item {key}"),
    };

    private object? Find(Place place, string name)
    {
        if (values.TryGetValue(name, out object? value) || (suite?.values.TryGetValue(name, out value) ?? false))
            return value;
        if (long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return number;
        return name.ToUpperInvariant() switch
        {
            "EMPTY" => "",
            "SPACE" => " ",
            "TRUE" => true,
            "FALSE" => false,
            "NONE" => null,
            _ => throw new RobotException(place, $"variable ${{{name}}} is not known"),
        };
    }
}
