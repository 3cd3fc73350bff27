using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Platform.Checking;

/// <summary>The console of the machine that the user sees: what is typed and what comes out is kept for the other one.</summary>
internal sealed class TeeConsole(IConsole host) : IConsole
{
    /// <summary>What each look for input brought, since the last image. Machines look at the same instructions.</summary>
    public List<byte[]> Input { get; } = [];

    /// <summary>Output since the last comparison.</summary>
    public MemoryStream Output { get; } = new();

    /// <inheritdoc/>
    public bool IsInteractive => host.IsInteractive;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Output.Write(bytes);
        host.Write(bytes);
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        int count = host.Read(buffer);
        Input.Add(count == 0 ? [] : buffer[..count].ToArray());
        return count;
    }

    /// <inheritdoc/>
    public void WaitForInput(TimeSpan atMost) => host.WaitForInput(atMost);
}
