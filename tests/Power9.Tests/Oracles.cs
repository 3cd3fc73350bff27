using System.Diagnostics;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests;

/// <summary>Finds what tests compare with: programs of the host and vectors that lie beside the repository.</summary>
internal static class Oracles
{
    /// <summary>With UVMEM_REQUIRE_ORACLES=1 a missing oracle is a failure, else the test is skipped with the reason.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("UVMEM_REQUIRE_ORACLES") == "1")
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }

    /// <summary>File <c>shared/oracles/name</c> of the directory that holds the repository, or of one above; null if there is none.</summary>
    public static string? SharedFile(string name)
    {
        for (DirectoryInfo? directory = RepositoryRoot().Parent; directory is not null; directory = directory.Parent)
        {
            string path = Path.Combine(directory.FullName, "shared", "oracles", name);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>Full path of a program on PATH, or null.</summary>
    public static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message holds standard error.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{error.Result}");
        return output;
    }

    /// <summary>The folder of the solution.</summary>
    public static DirectoryInfo RepositoryRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "RenodeUvmem.sln")))
                return directory;
        }

        throw new InvalidOperationException($"no RenodeUvmem.sln above {AppContext.BaseDirectory}");
    }
}
