namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Where gdb is.</summary>
internal static class GdbPlaces
{
    private static readonly string[] Names = ["gdb-multiarch", "powerpc64le-linux-gnu-gdb", "powerpc64-linux-gnu-gdb"];

    /// <summary>A gdb for POWER on the path, or null.</summary>
    public static string? Program { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        from name in Names
        select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
