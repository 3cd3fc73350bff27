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

    /// <summary>The rows of files that were compiled, with those of what they include.</summary>
    /// <param name="ofInterest">Which ones, by path.</param>
    /// <exception cref="OptionException">The file has no rows at all, or the tool is not there or fails.</exception>
    public IReadOnlyList<LineRow> Lines(Func<string, bool> ofInterest)
    {
        var rows = new List<LineRow>();
        bool any = false;
        Run("objdump", ["-w", "--dwarf=decodedline", path], [], output =>
        {
            string unit = "";
            bool wanted = false;
            foreach (LineRow row in LineTableText.Read(output))
            {
                any = true;
                if (row.Unit != unit)
                    wanted = ofInterest(unit = row.Unit);
                if (wanted)
                    rows.Add(row);
            }
        });
        return any ? rows : throw new OptionException(Option, $"{path} has no line information, expected a vmlinux built with -g; scripts/coverage.sh makes one");
    }

    /// <summary>For each address its line, then the line that calls the function which that is inlined from, and so on.</summary>
    /// <exception cref="OptionException">The tool is not there or fails.</exception>
    public IReadOnlyList<IReadOnlyList<SourceFrame>> Frames(IReadOnlyList<ulong> addresses)
    {
        const string AddressStart = "0x";
        var all = new List<IReadOnlyList<SourceFrame>>(addresses.Count);
        List<SourceFrame> frames = [];
        IEnumerable<string> input = addresses.Select(address => address.ToString("x", CultureInfo.InvariantCulture));
        Run("addr2line", ["-a", "-f", "-i", "-e", path], input, output =>
        {
            while (output.ReadLine() is { } line)
            {
                if (line.StartsWith(AddressStart, StringComparison.Ordinal))
                    all.Add(frames = []);
                else if (output.ReadLine() is { } place)
                    frames.Add(Frame(line, place));
            }
        });
        return all.Count == addresses.Count ? all : throw new OptionException(Option, $"{prefix}addr2line answered {all.Count} of {addresses.Count} questions about {path}");
    }

    // path:line, and perhaps " (discriminator 2)".
    private static SourceFrame Frame(string function, string place)
    {
        int colon = place.LastIndexOf(':');
        string number = place[(colon + 1)..].Split(' ')[0];
        return new SourceFrame(function, place[..Math.Max(colon, 0)], int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int line) ? line : 0);
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
