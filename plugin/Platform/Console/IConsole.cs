namespace RenodeUvmem.Platform.Console;

/// <summary>The far end of the machine's console, given by the host. Called between instructions from the machine's own thread.</summary>
public interface IConsole
{
    /// <summary>Whether a person or program may type at any wall-clock moment. An idle machine then waits for them rather than ends.</summary>
    bool IsInteractive { get; }

    /// <summary>Output of the machine.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Takes input for the machine that is there now; returns how many bytes. Never blocks.</summary>
    int Read(Span<byte> buffer);

    /// <summary>Blocks until there may be input or the time is over.</summary>
    void WaitForInput(TimeSpan atMost);
}
