using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>
/// A gdb that is attached to a machine in Renode and driven by the commands that a person would type, through its machine interface. Everything that goes to and fro is kept
/// beside the tests (folder "renode") and attached to failures.
/// </summary>
internal sealed class GdbProcess : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly BlockingCollection<string> lines = [];
    private readonly StringBuilder log = new();
    private readonly Process process;
    private GdbStop? stop;

    private GdbProcess()
    {
        var start = new ProcessStartInfo(GdbPlaces.Program ?? throw new InvalidOperationException("mark the test with [RequiresGdb]"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["-nx", "-q", "--interpreter=mi3"])
            start.ArgumentList.Add(argument);
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
    }

    /// <summary>Starts a server in the machine that the Monitor has selected, and a gdb that is connected to it: the emulation then runs, its CPUs wait.</summary>
    /// <param name="renode">Renode.</param>
    /// <param name="symbols">File with symbols, or null.</param>
    public static GdbProcess Attach(RenodeProcess renode, string? symbols = null)
    {
        int port = FreePort();
        renode.Command($"machine StartGdbServer {port}");
        var gdb = new GdbProcess();
        try
        {
            gdb.process.Start();
            gdb.process.BeginOutputReadLine();
            gdb.process.BeginErrorReadLine();
            gdb.Run("set pagination off");
            gdb.Run("set confirm off");
            gdb.Run($"set remotetimeout {Timeout.TotalSeconds:0}");
            if (symbols is not null)
                gdb.Run($"file {symbols}");
            gdb.Run($"target remote localhost:{port}");
            return gdb;
        }
        catch
        {
            gdb.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command that does not let the program run.</summary>
    /// <returns>What gdb or Renode's Monitor printed.</returns>
    /// <exception cref="GdbException">It failed.</exception>
    public string Run(string command)
    {
        stop = null;
        Send(command);
        return ReadTo(line => line.StartsWith("^done", StringComparison.Ordinal) || line.StartsWith("^connected", StringComparison.Ordinal));
    }

    /// <summary>Runs a command that lets the program run, such as "continue" or "stepi", and waits until it stops.</summary>
    /// <exception cref="GdbException">It failed.</exception>
    public GdbStop Resume(string command)
    {
        Start(command);
        return WaitForStop();
    }

    /// <summary>Runs a command that lets the program run.</summary>
    /// <exception cref="GdbException">It failed.</exception>
    public void Start(string command)
    {
        stop = null;
        Send(command);
        ReadTo(line => line.StartsWith("^running", StringComparison.Ordinal));
    }

    /// <summary>Waits until the program stops.</summary>
    public GdbStop WaitForStop()
    {
        if (stop is null)
            ReadTo(_ => stop is not null);
        return stop!;
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Value of an expression as an unsigned number.</summary>
    public ulong Number(string expression)
    {
        string text = Run($"output/x (unsigned long)({expression})").Trim();
        return ulong.Parse(text["0x".Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }

        process.Dispose();
        TestContext context = TestContext.CurrentContext;
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(context.WorkDirectory, "renode")).FullName, $"gdb-{context.Test.MethodName ?? "setup"}.log.txt");
        lock (log)
            File.WriteAllText(file, log.ToString());
        if (context.Result.FailCount > 0)
            TestContext.AddTestAttachment(file, "gdb's log");
        lines.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Send(string command)
    {
        string line = $"-interpreter-exec console \"{command.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        lock (log)
            log.AppendLine(line);
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    // Streams until a line: ~ is gdb's own text, @ that of the target, here Renode's Monitor.
    private string ReadTo(Func<string, bool> isLast)
    {
        var text = new StringBuilder();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            TimeSpan left = Timeout - waited.Elapsed;
            if (left <= TimeSpan.Zero || !lines.TryTake(out string? line, left))
                throw new TimeoutException($"gdb did not answer within {Timeout.TotalSeconds:0} s");
            if (line.Length == 0)
                continue;
            if (line[0] is '~' or '@')
                text.Append(Unquote(line[1..]));
            else if (line.StartsWith("*stopped", StringComparison.Ordinal))
                stop = new GdbStop(line);
            else if (line.StartsWith("^error", StringComparison.Ordinal))
                throw new GdbException(Unquote(line[(line.IndexOf("msg=", StringComparison.Ordinal) + "msg=".Length)..]));
            if (isLast(line))
                return text.ToString();
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (log)
            log.AppendLine(line.Data);
        lines.Add(line.Data);
    }

    // A C string in quotes, up to the closing one.
    private static string Unquote(string quoted)
    {
        var text = new StringBuilder();
        for (int n = 1; n < quoted.Length && quoted[n] != '"'; n++)
        {
            if (quoted[n] != '\\' || n + 1 == quoted.Length)
            {
                text.Append(quoted[n]);
                continue;
            }

            n++;
            text.Append(quoted[n] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                var other => other,
            });
        }

        return text.ToString();
    }
}
