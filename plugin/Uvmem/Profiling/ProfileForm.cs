using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>A form of a profile's file.</summary>
internal abstract class ProfileForm
{
    /// <summary>The form that a file's name asks for.</summary>
    public static ProfileForm Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".folded" => new FoldedStacks(),
        ".svg" => new FlameGraph(),
        _ => new SpeedscopeFile(),
    };

    /// <summary>Writes a profile.</summary>
    public abstract void Write(Profile profile, string title, Stream stream);
}
