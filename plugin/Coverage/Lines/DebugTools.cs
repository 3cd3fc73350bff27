using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Lines;

/// <summary>GNU binutils on a file with debug information: they read DWARF, of whatever version.</summary>
/// <param name="prefix">What stands before the names of the tools, such as <c>powerpc64le-linux-gnu-</c>.</param>
/// <param name="path">The file.</param>
public sealed class DebugTools(string prefix, string path)
{
    private const string Option = "--debug-info";

    /// <summary>All rows of the line table.</summary>
    /// <exception cref="OptionException">There are none, or the tool is not there or fails.</exception>
    public IReadOnlyList<LineRow> Lines(Func<string, bool> ofInterest)
    {
        var rows = new List<LineRow>();
        bool any = false;
        Run("objdump", ["-w", "--dwarf=decodedline", path], [], output =>
        {
            bool before = false;
            foreach (LineRow row in LineTableText.Read(output))
            {
                // The row behind one of interest says where it ends.
                any = true;
                bool wanted = row.Line > 0 && ofInterest(row.File);
                if (wanted || before)
                    rows.Add(wanted ? row : row with { Line = 0 });
                before = wanted;
            }
        });
        return any ? rows : throw new OptionException(Option, $"{path} has no line information, expected a vmlinux built with -g; scripts/coverage.sh makes one");
    }

    /// <summary>For each address the innermost function that its instruction belongs to, inlined ones included, and the line.</summary>
    /// <exception cref="OptionException">The tool is not there or fails.</exception>
    public IReadOnlyList<(string Function, string File, int Line)> Places(IReadOnlyList<ulong> addresses)
    {
        var places = new List<(string, string, int)>(addresses.Count);
        IEnumerable<string> input = addresses.Select(address => address.ToString("x", CultureInfo.InvariantCulture));
        Run("addr2line", ["-f", "-e", path], input, output =>
        {
            while (output.ReadLine() is { } function && output.ReadLine() is { } place)
            {
                // path:line, and perhaps " (discriminator 2)".
                int colon = place.LastIndexOf(':');
                string number = place[(colon + 1)..].Split(' ')[0];
                places.Add((function, place[..Math.Max(colon, 0)], int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int line) ? line : 0));
            }
        });
        return places.Count == addresses.Count ? places : throw new OptionException(Option, $"{prefix}addr2line answered {places.Count} of {addresses.Count} questions about {path}");
    }

    private void Run(string tool, string[] arguments, IEnumerable<string> input, Action<TextReader> read)
    {
        string program = prefix + tool;
        using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        string errors = "";
        process.ErrorDataReceived += (_, line) => errors = errors.Length == 0 ? line.Data ?? "" : errors;
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new OptionException("--tools", $"there is no program {program}; Debian's package binutils-powerpc64le-linux-gnu has it");
        }

        process.BeginErrorReadLine();
        var writing = Task.Run(() => Feed(process.StandardInput, input));
        read(process.StandardOutput);
        writing.Wait();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new OptionException(Option, $"{program} failed on {path}: {errors}");
    }

    // A tool that ends early need not hear the rest.
    private static void Feed(StreamWriter to, IEnumerable<string> lines)
    {
        try
        {
            using (to)
            {
                foreach (string line in lines)
                    to.WriteLine(line);
            }
        }
        catch (IOException)
        {
            return;
        }
    }
}
