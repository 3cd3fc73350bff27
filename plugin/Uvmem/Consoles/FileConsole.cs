namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Console output to a file. No input.</summary>
internal sealed class FileConsole(string path) : IHostConsole
{
    private Stream? output;

    public bool IsInteractive => false;

    public void Open(OutputFiles files) => output = files.Create("--console", path);

    public void Write(ReadOnlySpan<byte> bytes) => output?.Write(bytes);

    public int Read(Span<byte> buffer) => 0;

    public void WaitForInput(TimeSpan atMost)
    {
    }

    public void Dispose() => output?.Dispose();
}
