using System.Net;
using System.Net.Sockets;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Console on a TCP port of this host, for one client at a time. What was written before it came is kept for it.</summary>
internal sealed class TcpConsole(int port) : IHostConsole
{
    private const int BacklogLimit = 1 << 20;

    private readonly MemoryStream backlog = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, port);
    private ByteInbox inbox = new();
    private NetworkStream? client;

    public bool IsInteractive => true;

    public void Open(OutputFiles files)
    {
        try
        {
            listener.Start(1);
        }
        catch (SocketException e)
        {
            throw new OptionException("--console", $"can't listen on TCP port {port}: {e.Message}");
        }

        Console.Error.WriteLine($"uvmem: console on port {((IPEndPoint)listener.LocalEndpoint).Port} of this host");
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Accept();
        if (client is null)
        {
            if (backlog.Length < BacklogLimit)
                backlog.Write(bytes);
            return;
        }

        try
        {
            client.Write(bytes);
        }
        catch (IOException)
        {
            Drop();
        }
    }

    public int Read(Span<byte> buffer)
    {
        Accept();
        return inbox.Take(buffer);
    }

    public void WaitForInput(TimeSpan atMost) => inbox.Wait(atMost);

    public void Dispose()
    {
        client?.Dispose();
        listener.Dispose();
        backlog.Dispose();
    }

    private void Accept()
    {
        if (client is not null && inbox.IsClosed)
            Drop();
        if (client is not null || !listener.Pending())
            return;
        TcpClient accepted = listener.AcceptTcpClient();
        accepted.NoDelay = true;
        client = accepted.GetStream();
        inbox = new ByteInbox();
        inbox.Feed(client);
        byte[] earlier = backlog.ToArray();
        backlog.SetLength(0);
        Write(earlier);
    }

    private void Drop()
    {
        client?.Dispose();
        client = null;
    }
}
