using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Report;

/// <summary>The source files of a report, by path in the kernel's tree.</summary>
/// <param name="folder">The tree, or null: where the debug information says that the files were.</param>
public sealed class SourceTree(string? folder)
{
    /// <summary>Lines of a file.</summary>
    /// <param name="path">Path in the tree.</param>
    /// <param name="compiled">Path as the compiler was given it.</param>
    /// <exception cref="OptionException">It is not there.</exception>
    public IReadOnlyList<string> Read(string path, string compiled)
    {
        string file = folder is null ? compiled : Path.Combine(folder, path);
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException("--source", $"can't read {file}: {e.Message}");
        }
    }
}
