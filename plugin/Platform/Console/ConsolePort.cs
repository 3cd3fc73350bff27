using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Console;

/// <summary>The machine's side of the console: hands output to the host and to those who watch it, queues input.</summary>
public sealed class ConsolePort(IConsole host) : ISnapshotted
{
    private const string SnapshotTag = "console";

    // Linux's hvc driver reads 16 bytes at a time; a pasted text may wait here.
    private const int InputLimit = 4096;

    private readonly Queue<byte> input = new();

    /// <summary>Each piece of output as the machine writes it.</summary>
    public event Action<byte[]>? Written;

    /// <summary>Input was queued while the queue was empty.</summary>
    public event Action? InputArrived;

    /// <summary>Whether input waits.</summary>
    public bool HasInput => input.Count > 0;

    /// <summary>Bytes written so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>The host's end.</summary>
    public IConsole Host => host;

    /// <summary>Output of the machine.</summary>
    public void Write(byte[] bytes)
    {
        BytesWritten += bytes.Length;
        host.Write(bytes);
        Written?.Invoke(bytes);
    }

    /// <summary>Takes up to <paramref name="limit"/> bytes of input.</summary>
    public byte[] Take(int limit)
    {
        var bytes = new byte[Math.Min(limit, input.Count)];
        for (int n = 0; n < bytes.Length; n++)
            bytes[n] = input.Dequeue();
        return bytes;
    }

    /// <summary>Queues input, as if typed.</summary>
    public void Type(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bool wasEmpty = input.Count == 0;
        foreach (byte b in bytes)
            input.Enqueue(b);
        if (wasEmpty)
            InputArrived?.Invoke();
    }

    /// <summary>Queues what the host has.</summary>
    public void Poll()
    {
        if (input.Count >= InputLimit)
            return;
        Span<byte> buffer = stackalloc byte[256];
        int count = host.Read(buffer);
        Type(buffer[..count]);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(BytesWritten);
        writer.Write(input.ToArray());
        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        BytesWritten = reader.ReadInt64();
        input.Clear();
        foreach (byte b in reader.ReadBytes())
            input.Enqueue(b);
        reader.End();
    }
}
