using System.Net.Sockets;
using System.Text;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>The other end of QEMU's serial line.</summary>
internal sealed class PeerConsole : IDisposable
{
    private const int Kept = 1000;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StringBuilder text = new();
    private readonly Task reader;

    public PeerConsole(string path)
    {
        socket.Connect(new UnixDomainSocketEndPoint(path));
        reader = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    /// <summary>The last lines.</summary>
    public string End
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    /// <summary>Sends a line end.</summary>
    public void Type() => socket.Send("\n"u8);

    public void Dispose()
    {
        socket.Dispose();
        reader.Wait();
    }

    private void Read()
    {
        byte[] buffer = new byte[0x1000];
        try
        {
            for (int count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
            {
                lock (text)
                {
                    text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                    if (text.Length > 2 * Kept)
                        text.Remove(0, text.Length - Kept);
                }
            }
        }
        catch (SocketException)
        {
            // QEMU ended, or this did.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
