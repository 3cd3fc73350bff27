using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>Arguments that a keyword takes: <c>${needed}</c>, <c>${optional}=default</c>, at the end <c>@{more}</c>.</summary>
internal sealed class Signature
{
    private readonly List<(string Name, string? Default)> arguments = [];

    private Signature()
    {
    }

    /// <summary>No arguments.</summary>
    public static Signature None { get; } = new();

    /// <summary>Name of the argument that takes all further ones, or null.</summary>
    public string? Rest { get; private init; }

    /// <summary>Parses the cells of <c>[Arguments]</c>.</summary>
    public static Signature Of(Place place, IReadOnlyList<string> cells)
    {
        var signature = new Signature { Rest = cells.Count > 0 && cells[^1].StartsWith("@{", StringComparison.Ordinal) ? Variables.NameIn(place, cells[^1]) : null };
        foreach (string cell in signature.Rest is null ? cells : cells.SkipLast(1))
        {
            int end = cell.IndexOf('}');
            if (!cell.StartsWith("${", StringComparison.Ordinal) || end < 0 || (end + 1 < cell.Length && cell[end + 1] != '='))
                throw new RobotException(place, $"{cell} is no argument; expected ${{name}}, ${{name}}=default, or @{{name}} at the end");
            signature.arguments.Add((cell[2..end], end + 1 < cell.Length ? cell[(end + 2)..] : null));
        }

        return signature;
    }

    /// <summary>Gives values to arguments. Those that are written as name=value go to the argument of that name, if there is one.</summary>
    /// <param name="place">Of the call.</param>
    /// <param name="given">Arguments of the call, as written.</param>
    /// <param name="outside">Variables of the call.</param>
    /// <param name="inside">Variables that take the values; defaults may refer to earlier arguments.</param>
    public void Bind(Place place, IReadOnlyList<string> given, Variables outside, Variables inside)
    {
        var values = new object?[arguments.Count];
        bool[] has = new bool[arguments.Count];
        var more = new List<object?>();
        int next = 0;
        foreach (string cell in given)
        {
            int equals = cell.IndexOf('=');
            int named = equals <= 0 ? -1 : arguments.FindIndex(argument => Names.AreEqual(argument.Name, cell[..equals]));
            if (named >= 0)
                Set(named, outside.Value(place, cell[(equals + 1)..]));
            else
            {
                foreach (object? value in outside.Values(place, cell))
                {
                    if (next < arguments.Count)
                        Set(next++, value);
                    else if (Rest is not null)
                        more.Add(value);
                    else
                        throw new RobotException(place, $"{given.Count} arguments given, {arguments.Count} expected");
                }
            }
        }

        for (int n = 0; n < arguments.Count; n++)
        {
            (string name, string? byDefault) = arguments[n];
            if (!has[n] && byDefault is null)
                throw new RobotException(place, $"argument {name} is missing");
            inside[name] = has[n] ? values[n] : inside.Value(place, byDefault!);
        }

        if (Rest is not null)
            inside[Rest] = more;

        void Set(int n, object? value)
        {
            if (has[n])
                throw new RobotException(place, $"argument {arguments[n].Name} is given twice");
            (values[n], has[n]) = (value, true);
        }
    }
}
