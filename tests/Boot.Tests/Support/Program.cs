using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A run of the program uvmem.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output: the console.</param>
/// <param name="Messages">Standard error: messages and the summary.</param>
internal sealed record Program(int ExitCode, string Output, string Messages)
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<Program> Run(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "uvmem.dll");
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> messages = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Program(process.ExitCode, await output, await messages);
    }

    /// <summary>First number in a row of the summary, or null if there is no such row.</summary>
    public long? Number(string row)
    {
        Match match = Regex.Match(Messages, $@"^ *{Regex.Escape(row)} +([\d,]+)", RegexOptions.Multiline);
        return match.Success ? long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;
    }
}
