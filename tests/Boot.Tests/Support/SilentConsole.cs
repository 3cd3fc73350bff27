using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>Nobody types; output is kept.</summary>
internal sealed class SilentConsole : IConsole
{
    private readonly List<byte> output = [];

    public bool IsInteractive => false;

    /// <summary>All bytes that the machine wrote.</summary>
    public byte[] Output => [.. output];

    public void Write(ReadOnlySpan<byte> bytes) => output.AddRange(bytes);

    public int Read(Span<byte> buffer) => 0;

    public void WaitForInput(TimeSpan atMost)
    {
    }
}
