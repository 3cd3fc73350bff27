using System.Globalization;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Linux;

/// <summary>Where things lie in the structures of a kernel: made from its own headers, firmware/kernel/layout.</summary>
public sealed class KernelLayout
{
    private readonly Dictionary<string, ulong> values;

    private KernelLayout(Dictionary<string, ulong> values) => this.values = values;

    /// <summary>Reads a file with lines of a name and a number, as <c>kvm.arch.lpid 2520</c>.</summary>
    /// <exception cref="OptionException">The file can't be read or has another line.</exception>
    public static KernelLayout Read(string option, string path)
    {
        try
        {
            return new KernelLayout(File.ReadLines(path).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => ulong.Parse(words[1], CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new OptionException(option, $"{path} is no list of names and numbers: {e.Message}");
        }
    }

    /// <summary>Offset of a field, size of a structure, or number of a bit.</summary>
    /// <exception cref="KeyNotFoundException">The file does not have it.</exception>
    public ulong this[string name] =>
        values.TryGetValue(name, out ulong value) ? value : throw new KeyNotFoundException($"the kernel's layout lacks {name}: make the images again");

    /// <summary>The same, or null if the file does not have it.</summary>
    public ulong? Find(string name) => values.TryGetValue(name, out ulong value) ? value : null;
}
