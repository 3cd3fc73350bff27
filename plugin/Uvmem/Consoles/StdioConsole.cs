using Microsoft.Win32.SafeHandles;
using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Console on standard output, and on standard input if a person types.</summary>
internal sealed class StdioConsole : IHostConsole
{
    private const nint StandardInput = 0;

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

        // Not Console.OpenStandardInput: on a terminal it reads and echoes whole lines by itself.
        inbox.Feed(new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0));
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
