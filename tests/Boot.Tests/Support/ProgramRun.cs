namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A run of the program with a folder for what it writes.</summary>
/// <param name="Program">How it ended.</param>
/// <param name="Folder">Where its files are.</param>
internal sealed record ProgramRun(Program Program, string Folder)
{
    /// <summary>Path of a file.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>All bytes of a file.</summary>
    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));
}
