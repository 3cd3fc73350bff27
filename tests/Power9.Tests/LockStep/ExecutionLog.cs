using System.Globalization;
using System.Text;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>What the log says next.</summary>
internal enum LogItem
{
    /// <summary>The machine is about to execute the instruction at NIA of <see cref="ExecutionLog.State"/>.</summary>
    State,

    /// <summary>It took an interrupt, <see cref="ExecutionLog.Interrupt"/>.</summary>
    Interrupt,

    /// <summary>It did not execute the instruction that it was about to: it had to look at an interrupt first.</summary>
    NotExecuted,

    /// <summary>The log was closed.</summary>
    End,
}

/// <summary>Reads QEMU's log (<c>-d exec,cpu,fpu,int</c>) as it is written. Its lines have fixed columns.</summary>
internal sealed class ExecutionLog(Stream stream) : IDisposable
{
    private readonly byte[] buffer = new byte[1 << 20];
    private int at;
    private int filled;
    private bool started;

    /// <summary>The registers of the last <see cref="LogItem.State"/>.</summary>
    public RegisterSet State { get; private set; } = new();

    /// <summary>QEMU's name of the last <see cref="LogItem.Interrupt"/>.</summary>
    public string Interrupt { get; private set; } = "";

    /// <summary>Reads up to the next item.</summary>
    public LogItem Next()
    {
        while (true)
        {
            ReadOnlySpan<byte> line = Line();
            if (line.IsEmpty)
                return LogItem.End;
            switch (line[0])
            {
                case (byte)'N' when line.StartsWith("NIP "u8):
                    State = new RegisterSet();
                    started = true;
                    State[Field.NIA] = Hex(line, 4);
                    State[Field.LR] = Hex(line, 26);
                    State[Field.CTR] = Hex(line, 47);
                    State[Field.XER] = Hex(line, 68);
                    break;
                case (byte)'M' when line.StartsWith("MSR "u8):
                    State[Field.MSR] = Hex(line, 4);
                    break;
                case (byte)'G' when line.StartsWith("GPR"u8):
                    Four(line, Field.Gpr0);
                    break;
                case (byte)'F' when line.StartsWith("FPSCR"u8):
                    State[Field.FPSCR] = Hex(line, 6);
                    break;
                case (byte)'F' when line.StartsWith("FPR"u8):
                    Four(line, Field.Fpr0);
                    break;
                case (byte)'C' when line.StartsWith("CR "u8):
                    State[Field.CR] = Hex(line, 3, 8);
                    State[Field.Reservation] = Hex(line, line.IndexOf("RES "u8) + 4) == ulong.MaxValue ? 0UL : 1;
                    break;
                case (byte)'S' when line.StartsWith("SPRG0"u8):
                    for (int k = 0; k < 4; k++)
                        State[Field.SPRG0 + k] = Hex(line, k < 2 ? 6 + (23 * k) : 53 + (24 * (k - 2)));
                    break;
                case (byte)'H' when line.StartsWith("HSRR0"u8):
                    State[Field.HSRR0] = Hex(line, 6);
                    State[Field.HSRR1] = Hex(line, 29);
                    break;
                case (byte)' ' when line.StartsWith(" SRR0"u8):
                    State[Field.SRR0] = Hex(line, 6);
                    State[Field.SRR1] = Hex(line, 29);
                    State[Field.VRSAVE] = Hex(line, 77);
                    break;
                case (byte)' ' when line.StartsWith(" CFAR"u8):
                    State[Field.CFAR] = Hex(line, 6);
                    break;
                case (byte)' ' when line.StartsWith(" LPCR"u8):
                    State[Field.LPCR] = Hex(line, 6);
                    break;
                case (byte)' ' when line.StartsWith(" PTCR"u8):
                    State[Field.PTCR] = Hex(line, 6);
                    State[Field.DAR] = Hex(line, 29);
                    State[Field.DSISR] = Hex(line, 53);
                    if (started)
                        return LogItem.State;
                    break;
                case (byte)'R' when line.StartsWith("Raise exception at "u8):
                    int name = line.IndexOf("=> "u8) + 3;
                    Interrupt = Encoding.ASCII.GetString(line[name..]).Split(' ')[0];
                    return LogItem.Interrupt;
                case (byte)'S' when line.StartsWith("Stopped execution of TB chain"u8):
                    return LogItem.NotExecuted;
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private static ulong Hex(ReadOnlySpan<byte> line, int from, int digits = 16)
    {
        ulong value = 0;
        foreach (byte letter in line.Slice(from, digits))
        {
            int digit = letter <= '9' ? letter - '0' : letter - 'a' + 10;
            if ((uint)digit > 15)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"QEMU's log has no number in column {from} of: {Encoding.Latin1.GetString(line)}"));
            value = (value << 4) | (uint)digit;
        }

        return value;
    }

    private void Four(ReadOnlySpan<byte> line, int first)
    {
        int number = ((line[3] - '0') * 10) + line[4] - '0';
        for (int k = 0; k < 4; k++)
            State[first + number + k] = Hex(line, 6 + (17 * k));
    }

    // The next line, with its end; empty at the end of the log.
    private ReadOnlySpan<byte> Line()
    {
        int searched = at;
        while (true)
        {
            int end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                ReadOnlySpan<byte> line = buffer.AsSpan(at, searched + end + 1 - at);
                at = searched + end + 1;
                return line;
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            at = 0;
            searched = filled;
            int read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
                return [];
            filled += read;
        }
    }
}
