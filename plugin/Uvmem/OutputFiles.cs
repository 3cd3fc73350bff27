using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Uvmem;

/// <summary>Files that a run writes. If one can't be opened, those that were newly made are removed again: nothing half-written stays.</summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly List<FileStream> streams = [];
    private readonly List<string> made = [];
    private bool kept;

    /// <summary>Opens a file for writing, emptied.</summary>
    /// <exception cref="OptionException">It can't be.</exception>
    public Stream Create(string option, string path)
    {
        try
        {
            bool isNew = !File.Exists(path);
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            streams.Add(stream);
            if (isNew)
                made.Add(path);
            return stream;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OptionException(option, $"can't write {path}: {e.Message}");
        }
    }

    /// <summary>All is in order: the run begins, and what it writes stays.</summary>
    public void Keep()
    {
        kept = true;
        foreach (FileStream stream in streams)
        {
            // Devices such as /dev/null have no length, though some can be sought in.
            if (stream.CanSeek && stream.Length != 0)
                stream.SetLength(0);
        }
    }

    public void Dispose()
    {
        foreach (FileStream stream in streams)
            stream.Dispose();
        if (kept)
            return;
        foreach (string path in made)
            File.Delete(path);
    }
}
