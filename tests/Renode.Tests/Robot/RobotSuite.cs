using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>
/// A Robot file with its resources: tests, keywords, variables. Of Robot Framework's syntax this reads what the suites use; anything else is an error that names file and line,
/// never something left out.
/// </summary>
internal sealed class RobotSuite
{
    private readonly List<(Place Place, string Cell, IReadOnlyList<string> Values)> variables = [];
    private readonly HashSet<string> read = [];

    private RobotSuite(string file)
    {
        Name = Path.GetFileNameWithoutExtension(file);
    }

    /// <summary>File name without its extension.</summary>
    public string Name { get; }

    /// <summary>Tests, in order.</summary>
    public List<RobotKeyword> Tests { get; } = [];

    /// <summary>Keywords of the file and its resources; the file's own come first.</summary>
    public Dictionary<string, RobotKeyword> Keywords { get; } = new(Names.Comparer);

    /// <summary>Reads a file and its resources.</summary>
    /// <exception cref="RobotException">Something is wrong in it.</exception>
    public static RobotSuite Read(string file) => Parse(file, File.ReadAllText(file));

    /// <summary>Reads the text of a file, and its resources.</summary>
    /// <exception cref="RobotException">Something is wrong in it.</exception>
    public static RobotSuite Parse(string file, string text)
    {
        var suite = new RobotSuite(file);
        suite.Add(file, text, isResource: false);
        return suite;
    }

    /// <summary>Its variables; those given win, as <c>--variable</c> does, then those of the file over those of its resources.</summary>
    public Variables NewVariables(IReadOnlyDictionary<string, string> given)
    {
        var made = new Variables();
        foreach ((string name, string value) in given)
            made[name] = value;
        foreach ((Place place, string cell, IReadOnlyList<string> cells) in variables)
        {
            string name = Variables.NameIn(place, cell);
            if (!made.Has(name))
                made[name] = cell[0] == '@' ? cells.SelectMany(one => made.Values(place, one)).ToList() : made.Value(place, string.Join(' ', cells));
        }

        return made;
    }

    private void Add(string file, string text, bool isResource)
    {
        var resources = new List<(Place Place, string File)>();
        string section = "";
        RobotKeyword? current = null;
        foreach (RobotRow row in RobotRow.Read(file, text))
        {
            if (row.Head.StartsWith('*'))
            {
                section = row.Head.Trim('*', ' ');
                current = null;
                if (section is not ("Settings" or "Variables" or "Keywords" or "Test Cases") || (isResource && section == "Test Cases"))
                    throw new RobotException(row.Place, $"section {section} is not known here");
                continue;
            }

            switch (section)
            {
                case "Settings":
                    if (Setting(row) is { } resource)
                        resources.Add((row.Place, resource));
                    break;
                case "Variables":
                    variables.Add((row.Place, row.Head, row.Rest));
                    break;
                case "Keywords" or "Test Cases":
                    if (row.IsIndented)
                        AddStep(current ?? throw new RobotException(row.Place, "a name is missing above"), row, section == "Keywords");
                    else
                        current = Begin(row, section == "Keywords");
                    break;
                default:
                    throw new RobotException(row.Place, "this stands before the first section");
            }
        }

        foreach ((Place place, string resource) in resources)
        {
            string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file) ?? "", resource));
            if (!File.Exists(path))
                throw new RobotException(place, $"there is no {path}");
            if (read.Add(path))
                Add(path, File.ReadAllText(path), isResource: true);
        }
    }

    private static string? Setting(RobotRow row)
    {
        switch (row.Head)
        {
            case "Documentation":
                return null;
            case "Resource" when row.Cells.Count == 2:
                return row.Cells[1];
            default:
                throw new RobotException(row.Place, $"setting {row.Head} is not known here; of Robot's syntax this reader has what the suites use");
        }
    }

    private RobotKeyword Begin(RobotRow row, bool isKeyword)
    {
        var begun = new RobotKeyword(row.Head, row.Place);
        if (row.Cells.Count > 1)
            throw new RobotException(row.Place, $"{row.Cells[1]} stands behind a name; steps stand in lines of their own");
        if (!isKeyword)
            Tests.Add(begun);
        else if (!Keywords.TryAdd(row.Head, begun) && Keywords[row.Head].Place.File == row.Place.File)
            throw new RobotException(row.Place, $"keyword {row.Head} is there already, at {Keywords[row.Head].Place}");
        return begun;
    }

    private static void AddStep(RobotKeyword to, RobotRow row, bool isKeyword)
    {
        switch (row.Head)
        {
            case "[Documentation]":
                break;
            case "[Arguments]" when isKeyword:
                to.Signature = Signature.Of(row.Place, row.Rest);
                break;
            case ['[', .., ']']:
                throw new RobotException(row.Place, $"{row.Head} is not known here; of Robot's syntax this reader has what the suites use");
            default:
                to.Steps.Add(RobotStep.Of(row.Place, row.Cells));
                break;
        }
    }
}
