using System.Diagnostics;
using NUnit.Framework;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A Chromium without windows, as Debian's chromium-headless-shell or chromium.</summary>
internal sealed class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string path;

    private Browser(string path) => this.path = path;

    /// <summary>The browser; without one the test is skipped.</summary>
    public static Browser Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string? found = (from name in (string[])["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
                         from folder in folders
                         let file = Path.Combine(folder, name)
                         where File.Exists(file)
                         select file).FirstOrDefault();
        if (found is null)
            Assert.Ignore("there is no Chromium to look at pages with; apt-get install chromium-headless-shell brings one");
        return new Browser(found!);
    }

    /// <summary>The document after its scripts have run.</summary>
    public string Document(string address) => Run("--dump-dom", address);

    /// <summary>A picture of a page, PNG.</summary>
    public void Picture(string address, string file, int width, int height)
    {
        File.Delete(file);
        Run($"--screenshot={file}", $"--window-size={width},{height}", address);
        Assert.That(File.Exists(file), $"the browser made no picture of {address}");
    }

    private string Run(params string[] arguments)
    {
        string profile = Directory.CreateTempSubdirectory("uvmem-browser").FullName;
        try
        {
            using var process = new Process
            {
                StartInfo = new ProcessStartInfo(
                    path,
                    ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1", "--virtual-time-budget=20000", $"--user-data-dir={profile}", .. arguments])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            process.Start();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
                process.Kill(entireProcessTree: true);
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return output.Result;
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
