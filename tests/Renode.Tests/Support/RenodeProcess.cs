using System.Diagnostics;
using System.Globalization;
using System.Text;
using NUnit.Framework;

namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>
/// A Renode of its own, without windows, with its own temporary folder and configuration, controlled by Robot keywords. Its log is kept beside the tests (folder "renode") and
/// attached to failures. Dispose ends it with all its children.
/// </summary>
internal sealed class RenodeProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("uvmem-");
    private readonly StringBuilder log = new();
    private readonly string logFile;
    private readonly Process process;
    private RobotClient? client;

    private RenodeProcess(string name)
    {
        logFile = Path.Combine(Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.WorkDirectory, "renode")).FullName, name + ".log.txt");
        var start = new ProcessStartInfo(RenodePlaces.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary.FullName,
        };
        foreach (string argument in (string[])["--robot-server-port", "0", "--disable-gui", "--plain", "--config", Path.Combine(temporary.FullName, "config")])
            start.ArgumentList.Add(argument);
        start.Environment["TMPDIR"] = temporary.FullName;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
    }

    /// <summary>How long one keyword may take, of the wall clock. The machine that tests run on may be slow and shared.</summary>
    public TimeSpan KeywordTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Scratch folder of this Renode, for files that it writes.</summary>
    public string Folder => temporary.FullName;

    /// <summary>False after it crashed.</summary>
    public bool IsRunning => !process.HasExited;

    /// <summary>Names of the keywords.</summary>
    public IReadOnlyList<string> Keywords => client!.Keywords;

    /// <summary>Everything that Renode wrote so far: its log, and UARTs with an analyzer.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="name">Name of the log file, by default that of the test's class.</param>
    public static RenodeProcess Start(string? name = null)
    {
        var renode = new RenodeProcess(name ?? TestContext.CurrentContext.Test.ClassName?.Split('.')[^1] ?? "renode");
        try
        {
            renode.Begin();
            return renode;
        }
        catch
        {
            renode.Dispose();
            throw;
        }
    }

    /// <summary>Runs a keyword, such as <c>Run("Wait For Line On Uart", "Linux version", "timeout=10")</c>.</summary>
    /// <returns>What it returns: a string, long, double, bool, a list or a dictionary of these, or null.</returns>
    /// <exception cref="KeywordException">It failed.</exception>
    public object? Run(string keyword, params object?[] arguments)
    {
        try
        {
            return client!.Run(KeywordTimeout, keyword, arguments);
        }
        catch (HttpRequestException e)
        {
            // A crash of Renode takes its connection with it: wait for its last words.
            throw new KeywordException(
                process.WaitForExit(5000)
                    ? $"Renode ended with code {process.ExitCode} in '{keyword}':{Environment.NewLine}{End(Log)}"
                    : $"Renode did not answer '{keyword}': {e.Message}");
        }
    }

    /// <summary>Runs a Monitor command.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="KeywordException">It failed.</exception>
    public string Command(string command) => $"{Run("Execute Command", command)}";

    /// <summary>Runs a Monitor command that must fail.</summary>
    /// <returns>Renode's message.</returns>
    public string FailingCommand(string command) =>
        Assert.Throws<KeywordException>(() => Command(command), $"'{command}' was expected to fail")!.Message;

    /// <summary>Loads the plugin's types.</summary>
    public void LoadPlugin() => Command($"include @{RenodePlaces.Loader}");

    /// <inheritdoc/>
    public void Dispose()
    {
        client?.Dispose();
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
        File.WriteAllText(logFile, Log);
        if (TestContext.CurrentContext.Result.FailCount > 0)
            TestContext.AddTestAttachment(logFile, "Renode's log");
        Remove(temporary);
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Renode removes some of it on its way out, too, and was faster.
            folder.Refresh();
            if (folder.Exists)
                folder.Delete(recursive: true);
        }
    }

    private void Begin()
    {
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        client = new RobotClient(WaitForPort(), StartTimeout);
    }

    // Renode writes the port that it chose to $TMPDIR/renode-PID/robot_port.
    private int WaitForPort()
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StartTimeout)
        {
            if (process.HasExited)
                throw new KeywordException($"{RenodePlaces.Program} ended with code {process.ExitCode} instead of listening:{Environment.NewLine}{End(Log)}");
            foreach (string file in Directory.EnumerateFiles(Folder, "robot_port", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }))
            {
                if (int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
                    return port;
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException($"{RenodePlaces.Program} did not listen within {StartTimeout.TotalSeconds:0} s:{Environment.NewLine}{End(Log)}");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (log)
            log.AppendLine(line.Data);
    }

    private static string End(string text) => text.Length <= 4000 ? text : text[^4000..];
}
