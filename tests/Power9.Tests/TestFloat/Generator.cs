using System.Diagnostics;

namespace RenodeUvmem.Power9.Tests.TestFloat;

/// <summary>Reads cases from a process of testfloat_gen: operands, result and flags in hexadecimal, a case a line.</summary>
internal sealed class Generator : IDisposable
{
    private readonly Process process;
    private readonly Stream output;
    private readonly byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;

    public Generator(string program, params string[] arguments)
    {
        // Power ISA detects tininess before rounding (ISA 3.0B Book I 4.4.4).
        process = Process.Start(new ProcessStartInfo(program, ["-tininessbefore", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        output = process.StandardOutput.BaseStream;
    }

    /// <summary>The numbers of the next line.</summary>
    /// <param name="numbers">Filled from the start.</param>
    /// <returns>How many there are, 0 at the end.</returns>
    public int Next(Span<UInt128> numbers)
    {
        int count = 0;
        UInt128 number = UInt128.Zero;
        bool inside = false;
        while (true)
        {
            if (at == end)
            {
                end = output.Read(buffer);
                at = 0;
                if (end == 0)
                    return 0;
            }

            byte c = buffer[at++];
            if (c > ' ')
            {
                number = (number << 4) | (uint)(c <= '9' ? c - '0' : c - 'A' + 10);
                inside = true;
                continue;
            }

            if (inside)
                numbers[count++] = number;
            number = UInt128.Zero;
            inside = false;
            if (c == '\n' && count > 0)
                return count;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
