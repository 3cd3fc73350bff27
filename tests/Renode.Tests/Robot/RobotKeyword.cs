using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>A keyword of a Robot file, or a test: a name, arguments and steps.</summary>
internal sealed class RobotKeyword(string name, Place place)
{
    /// <summary>Name as written.</summary>
    public string Name { get; } = name;

    /// <summary>Where its name stands.</summary>
    public Place Place { get; } = place;

    /// <summary>Arguments that it takes.</summary>
    public Signature Signature { get; set; } = Signature.None;

    /// <summary>Steps, in order.</summary>
    public List<RobotStep> Steps { get; } = [];

    /// <summary>First arguments of the steps that call a keyword directly: what a test <c>Requires</c> or <c>Provides</c>.</summary>
    public IEnumerable<string> ArgumentsOf(string keyword) =>
        Steps.Where(step => Names.AreEqual(step.Keyword, keyword) && step.Arguments.Count > 0).Select(step => step.Arguments[0]);
}

/// <summary>A call of a keyword, or RETURN.</summary>
/// <param name="Place">Where.</param>
/// <param name="Results">Variables that take what it returns, as <c>${name}</c>.</param>
/// <param name="Keyword">Name as written.</param>
/// <param name="Arguments">Arguments as written.</param>
internal sealed record RobotStep(Place Place, IReadOnlyList<string> Results, string Keyword, IReadOnlyList<string> Arguments)
{
    /// <summary>Ends a keyword; what follows is its value.</summary>
    public const string Return = "RETURN";

    /// <summary>The step of a row, or of a part of it.</summary>
    public static RobotStep Of(Place place, IReadOnlyList<string> cells)
    {
        int results = 0;
        while (results < cells.Count && Variables.IsTarget(cells[results]))
            results++;
        if (results == cells.Count)
            throw new RobotException(place, "a keyword is missing");
        string keyword = cells[results];
        if (Reserved.Contains(keyword))
            throw new RobotException(place, $"{keyword} is not known here; of Robot's syntax this reader has what the suites use");
        return new RobotStep(place, [.. cells.Take(results).Select(cell => cell.TrimEnd('=', ' '))], keyword, [.. cells.Skip(results + 1)]);
    }

    private static readonly string[] Reserved =
        ["IF", "ELSE", "ELSE IF", "END", "FOR", "WHILE", "TRY", "EXCEPT", "FINALLY", "BREAK", "CONTINUE", "VAR", "GROUP"];
}
