using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>GDB's remote protocol, as much of it as is needed to command QEMU's stub.</summary>
internal sealed class GdbConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;

    /// <summary>Connects as soon as the socket is there.</summary>
    public GdbConnection(string path, TimeSpan patience)
    {
        DateTime end = DateTime.UtcNow + patience;
        while (true)
        {
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return;
            }
            catch (SocketException) when (DateTime.UtcNow < end)
            {
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Patience
    {
        set => socket.ReceiveTimeout = (int)value.TotalMilliseconds;
    }

    /// <summary>Sends a packet and returns the answer.</summary>
    public string Ask(string packet)
    {
        Send(packet);
        return Receive();
    }

    public void Send(string packet)
    {
        int sum = packet.Sum(letter => letter) & 0xFF;
        socket.Send(Encoding.Latin1.GetBytes($"${packet}#{sum:x2}"));
    }

    /// <summary>What GDB sends for Ctrl-C: the machine stops, and the answer to the continuation comes.</summary>
    public void Interrupt() => socket.Send([3]);

    /// <summary>The next packet.</summary>
    /// <exception cref="SocketException">None came in time.</exception>
    public string Receive()
    {
        while (Next() != '$')
        {
        }

        var packet = new StringBuilder();
        for (char letter = Next(); letter != '#'; letter = Next())
            packet.Append(letter == '}' ? (char)(Next() ^ 0x20) : letter);
        Next();
        Next();
        socket.Send("+"u8);
        return packet.ToString();
    }

    /// <summary>A command of QEMU's monitor; returns what it printed.</summary>
    public string Monitor(string command)
    {
        Send("qRcmd," + Convert.ToHexString(Encoding.ASCII.GetBytes(command)));
        var output = new StringBuilder();
        for (string answer = Receive(); answer != "OK"; answer = Receive())
            output.Append(answer.StartsWith('O') ? Encoding.Latin1.GetString(Convert.FromHexString(answer[1..])) : throw new InvalidOperationException($"monitor: {command}: {answer}"));
        return output.ToString();
    }

    /// <summary>Number of each register by name, from the stub's description of its target. Names that occur twice have their first number.</summary>
    public Dictionary<string, int> RegisterNumbers()
    {
        var numbers = new Dictionary<string, int>();
        int next = 0;
        foreach (string feature in Values(Feature("target.xml"), "href"))
        {
            foreach (string register in Feature(feature).Split("<reg ").Skip(1))
            {
                string tag = register[..register.IndexOf('>', StringComparison.Ordinal)];
                if (Values(tag, "regnum").FirstOrDefault() is { } number)
                    next = int.Parse(number, CultureInfo.InvariantCulture);
                numbers.TryAdd(Values(tag, "name").First(), next++);
            }
        }

        return numbers;
    }

    public void Dispose() => socket.Dispose();

    private static IEnumerable<string> Values(string xml, string attribute) =>
        xml.Split($"{attribute}=\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]);

    private string Feature(string name)
    {
        var xml = new StringBuilder();
        while (true)
        {
            string part = Ask($"qXfer:features:read:{name}:{xml.Length:x},1000");
            xml.Append(part, 1, part.Length - 1);
            if (part[0] == 'l')
                return xml.ToString();
        }
    }

    private char Next()
    {
        if (at == filled)
        {
            at = 0;
            filled = socket.Receive(buffer);
            if (filled == 0)
                throw new InvalidOperationException("QEMU ended");
        }

        return (char)buffer[at++];
    }
}
