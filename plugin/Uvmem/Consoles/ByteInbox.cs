namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Bytes that arrive on another thread.</summary>
internal sealed class ByteInbox
{
    private readonly object gate = new();
    private readonly Queue<byte> bytes = new();

    /// <summary>Nothing will arrive any more, and nothing is left.</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate)
                return closed && bytes.Count == 0;
        }
    }

    private bool closed;

    /// <summary>Reads a stream on a thread of its own until it ends.</summary>
    public void Feed(Stream stream)
    {
        var thread = new Thread(() => Pump(stream)) { IsBackground = true, Name = "console input" };
        thread.Start();
    }

    /// <summary>Takes what is there.</summary>
    public int Take(Span<byte> buffer)
    {
        lock (gate)
        {
            int count = Math.Min(buffer.Length, bytes.Count);
            for (int n = 0; n < count; n++)
                buffer[n] = bytes.Dequeue();
            return count;
        }
    }

    /// <summary>Waits for bytes.</summary>
    public void Wait(TimeSpan atMost)
    {
        lock (gate)
        {
            if (bytes.Count == 0)
                Monitor.Wait(gate, atMost);
        }
    }

    private void Pump(Stream stream)
    {
        var buffer = new byte[256];
        try
        {
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                lock (gate)
                {
                    foreach (byte b in buffer.AsSpan(0, count))
                        bytes.Enqueue(b);
                    Monitor.Pulse(gate);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other end has gone: the same as its end.
        }

        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
    }
}
