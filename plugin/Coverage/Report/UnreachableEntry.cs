using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Report;

/// <summary>An entry of the list of unreachable lines.</summary>
/// <param name="Place">Where it stands in the list, for messages.</param>
/// <param name="File">Path in the kernel's tree.</param>
/// <param name="Function">Function, inlined or not.</param>
/// <param name="WaysOnly">The lines run; branches of theirs never go one of their ways.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">What stands in the lines, whole but for blanks around it.</param>
public sealed record UnreachableEntry(string Place, string File, string Function, bool WaysOnly, string Reason, string Text)
{
    private const string Separator = " | ";
    private const string LineKind = "line";
    private const string BranchKind = "branch";

    /// <summary>Reads one line of the list.</summary>
    /// <exception cref="OptionException">It is none.</exception>
    public static UnreachableEntry Parse(string option, string place, string line)
    {
        string[] fields = line.Split(Separator, 5, StringSplitOptions.TrimEntries);
        return fields is [{ Length: > 0 } file, { Length: > 0 } function, LineKind or BranchKind, { Length: > 0 } reason, { Length: > 0 } text]
            ? new UnreachableEntry(place, file, function, fields[2] == BranchKind, reason, text)
            : throw new OptionException(option, $"{place}: expected 'FILE{Separator}FUNCTION{Separator}{LineKind} or {BranchKind}{Separator}REASON{Separator}TEXT OF THE LINE'");
    }
}
