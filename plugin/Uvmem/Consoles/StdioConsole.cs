using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Console on standard output, and on standard input if a person types.</summary>
internal sealed class StdioConsole : IHostConsole
{
    private readonly bool interactive;
    private readonly ByteInbox inbox = new();
    private Stream? output;
    private RawTerminal? terminal;

    public StdioConsole(bool interactive) => this.interactive = interactive;

    public bool IsInteractive => interactive && !inbox.IsClosed;

    public void Open(OutputFiles files)
    {
        output = Console.OpenStandardOutput();
        if (!interactive)
            return;
        terminal = RawTerminal.Enter();
        inbox.Feed(Console.OpenStandardInput());
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            output?.Write(bytes);
            output?.Flush();
        }
        catch (IOException)
        {
            // Whoever read our output has gone (a closed pipe). The guest goes on, as with an unplugged terminal.
            output = null;
        }
    }

    public int Read(Span<byte> buffer) => inbox.Take(buffer);

    public void WaitForInput(TimeSpan atMost) => inbox.Wait(atMost);

    public void Dispose() => terminal?.Dispose();
}
