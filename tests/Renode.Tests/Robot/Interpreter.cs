using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>Executes tests of a suite. A keyword is looked for in the suite and its resources, then among <see cref="BuiltIn"/>, then it is the server's.</summary>
/// <param name="suite">Suite.</param>
/// <param name="given">Variables that win over those of the suite.</param>
/// <param name="server">Executes the other keywords.</param>
internal sealed class Interpreter(RobotSuite suite, IReadOnlyDictionary<string, string> given, IKeywordServer server)
{
    // Keywords that call each other without end are a mistake in a suite.
    private const int DeepestCall = 50;

    private readonly Variables shared = suite.NewVariables(given);
    private int depth;

    /// <summary>Executes a test.</summary>
    /// <exception cref="RobotException">It failed.</exception>
    public void Run(RobotKeyword test) => Steps(test, new Variables(shared));

    /// <summary>Calls a keyword that is given as cells: its name and arguments.</summary>
    /// <exception cref="RobotException">It failed.</exception>
    public object? Call(Place place, IReadOnlyList<string> cells, Variables variables)
    {
        RobotStep step = RobotStep.Of(place, cells);
        return step.Results.Count == 0 ? Call(step, variables) : throw new RobotException(place, "a variable can't take a result here");
    }

    private object? Steps(RobotKeyword keyword, Variables variables)
    {
        foreach (RobotStep step in keyword.Steps)
        {
            if (step.Keyword == RobotStep.Return)
                return Single([.. step.Arguments.SelectMany(cell => variables.Values(step.Place, cell))]);
            Assign(step, Call(step, variables), variables);
        }

        return null;
    }

    private object? Call(RobotStep step, Variables variables)
    {
        if (suite.Keywords.TryGetValue(step.Keyword, out RobotKeyword? keyword))
            return CallOfSuite(keyword, step, variables);
        if (BuiltIn.All.TryGetValue(step.Keyword, out BuiltIn? builtIn))
            return builtIn.Run(new BuiltInCall(this, step, variables));
        try
        {
            return server.Run(step.Keyword, [.. step.Arguments.SelectMany(cell => variables.Values(step.Place, cell))]);
        }
        catch (KeywordException e)
        {
            throw new RobotException(step.Place, e.Message, e);
        }
    }

    private object? CallOfSuite(RobotKeyword keyword, RobotStep step, Variables variables)
    {
        var inside = new Variables(shared);
        keyword.Signature.Bind(step.Place, step.Arguments, variables, inside);
        if (depth >= DeepestCall)
            throw new RobotException(step.Place, $"{DeepestCall} keywords call each other");
        depth++;
        try
        {
            return Steps(keyword, inside);
        }
        catch (RobotException e)
        {
            throw new RobotException(step.Place, keyword.Name, e);
        }
        finally
        {
            depth--;
        }
    }

    private static object? Single(List<object?> values) => values.Count switch { 0 => null, 1 => values[0], _ => values };

    private static void Assign(RobotStep step, object? value, Variables variables)
    {
        if (step.Results.Count == 1)
        {
            variables[Variables.NameIn(step.Place, step.Results[0])] = value;
            return;
        }

        if (step.Results.Count == 0)
            return;
        if (value is not IReadOnlyList<object?> list || list.Count != step.Results.Count)
            throw new RobotException(step.Place, $"{step.Results.Count} variables can't take {Variables.Text(value)}");
        for (int n = 0; n < list.Count; n++)
            variables[Variables.NameIn(step.Place, step.Results[n])] = list[n];
    }
}
