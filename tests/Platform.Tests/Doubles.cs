using System.Text;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Console that keeps its output, with input that the test gives.</summary>
internal sealed class FakeConsole : IConsole
{
    private readonly StringBuilder output = new();
    private readonly Queue<byte> input = new();

    public string Output => output.ToString();

    public bool IsInteractive => false;

    public void Give(string text)
    {
        foreach (byte b in Encoding.Latin1.GetBytes(text))
            input.Enqueue(b);
    }

    public void Write(ReadOnlySpan<byte> bytes) => output.Append(Encoding.Latin1.GetString(bytes));

    public int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, input.Count);
        for (int n = 0; n < count; n++)
            buffer[n] = input.Dequeue();
        return count;
    }

    public void WaitForInput(TimeSpan atMost)
    {
    }
}

/// <summary>Log that keeps its lines.</summary>
internal sealed class FakeLog : IMachineLog
{
    public List<string> Infos { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Info(string line) => Infos.Add(line);

    public void Warn(string line) => Warnings.Add(line);
}
