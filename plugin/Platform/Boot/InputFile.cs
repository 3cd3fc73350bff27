using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace RenodeUvmem.Platform.Boot;

/// <summary>A file that the user named, read at any offset. Every failure names the option.</summary>
public sealed class InputFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly string option;

    private InputFile(string option, string path, SafeFileHandle handle)
    {
        this.option = option;
        this.handle = handle;
        Path = path;
        Length = (ulong)RandomAccess.GetLength(handle);
    }

    /// <summary>Path as given.</summary>
    public string Path { get; }

    /// <summary>Size in bytes.</summary>
    public ulong Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="OptionException">It can't be opened.</exception>
    public static InputFile Open(string option, string path)
    {
        if (Directory.Exists(path))
            throw new OptionException(option, $"{path} is a directory, expected a file");
        if (!File.Exists(path))
            throw new OptionException(option, $"no file {path}");
        try
        {
            return new InputFile(option, path, File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OptionException(option, $"can't read {path}: {e.Message}");
        }
    }

    /// <summary>Fills a buffer from an offset.</summary>
    /// <exception cref="OptionException">The file ends before.</exception>
    public void Read(ulong offset, Span<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int count = offset > long.MaxValue ? 0 : RandomAccess.Read(handle, buffer, (long)offset);
                if (count == 0)
                    Fail($"the file ends at {Length} bytes, expected more");
                buffer = buffer[count..];
                offset += (ulong)count;
            }
        }
        catch (IOException e)
        {
            Fail(e.Message);
        }
    }

    /// <summary>Throws for this file.</summary>
    [DoesNotReturn]
    public void Fail(string problem) => throw new OptionException(option, $"{Path}: {problem}");

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
