using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Platform.Checking;

/// <summary>The console of a machine that gets the input of another one.</summary>
internal sealed class EchoConsole(TeeConsole source) : IConsole
{

    /// <summary>How often it looked for input since <see cref="Rewind"/>, and the source had looked, too.</summary>
    public int Taken { get; private set; }

    /// <summary>Output since the last comparison.</summary>
    public MemoryStream Output { get; } = new();

    /// <inheritdoc/>
    public bool IsInteractive => source.IsInteractive;

    /// <summary>Begins with the first input that the source still has.</summary>
    public void Rewind()
    {
        Taken = 0;
        Output.SetLength(0);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => Output.Write(bytes);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        // More looks than the source's: the machines have parted, which a comparison will say.
        if (Taken >= source.Input.Count)
            return 0;
        byte[] bytes = source.Input[Taken++];
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    /// <inheritdoc/>
    public void WaitForInput(TimeSpan atMost)
    {
    }
}
