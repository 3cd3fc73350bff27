using System.Globalization;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Names for addresses: from a kernel's own symbol table or from a System.map.</summary>
public sealed class SymbolTable
{
    // An address further behind a symbol than this belongs to nothing that is known.
    private const ulong Reach = 1UL << 20;

    // nm's letters.
    private const string CodeTypes = "tTwW";
    private const string DataTypes = "bBdDrR";

    private readonly ulong[] addresses;
    private readonly string[] names;
    private readonly Dictionary<string, ulong> byName = [];

    private SymbolTable(IEnumerable<(ulong Address, string Name)> symbols)
    {
        (ulong Address, string Name)[] sorted = [.. symbols.OrderBy(s => s.Address).ThenBy(s => s.Name, StringComparer.Ordinal)];
        addresses = [.. sorted.Select(s => s.Address)];
        names = [.. sorted.Select(s => s.Name)];
        foreach ((ulong address, string name) in sorted)
            byName.TryAdd(name, address);
    }

    /// <summary>No names.</summary>
    public static SymbolTable Empty { get; } = new([]);

    /// <summary>Number of symbols.</summary>
    public int Count => addresses.Length;

    /// <summary>Symbols that a host knows.</summary>
    public static SymbolTable Of(IEnumerable<(ulong Address, string Name)> symbols) => new(symbols);

    /// <summary>Symbols of an ELF image.</summary>
    public static SymbolTable Of(ElfImage image) => new(image.Symbols().Where(s => s.Address != 0));

    /// <summary>Symbols of a System.map: lines of address, type, name. Those of code; of variables if <paramref name="data"/>.</summary>
    /// <exception cref="OptionException">The file can't be read or has no such line.</exception>
    public static SymbolTable OfSystemMap(string option, string path, bool data = false)
    {
        string types = data ? DataTypes : CodeTypes;
        var symbols = new List<(ulong, string)>();
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length >= 3 && parts[1].Length == 1 && types.Contains(parts[1], StringComparison.Ordinal) && ulong.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong address))
                    symbols.Add((address, parts[2]));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(option, $"can't read {path}: {e.Message}");
        }

        if (symbols.Count == 0)
            throw new OptionException(option, $"{path} has no line with address, type and name, expected a System.map");
        return new SymbolTable(symbols);
    }

    /// <summary>Address of a name, the lowest if there are several, or null.</summary>
    public ulong? Find(string name) => byName.TryGetValue(name, out ulong address) ? address : null;

    /// <summary>Addresses of a function, however the compiler has marked its copies: <c>f</c>, <c>f.isra.0</c>, <c>f.constprop.0</c>.</summary>
    public IReadOnlyList<ulong> FindFunction(string name) =>
        [.. Enumerable.Range(0, names.Length).Where(index => names[index] == name || Plain(names[index]) == name).Select(index => addresses[index])];

    /// <summary>Name of the function that an address is in, without the compiler's marks, or null.</summary>
    public string? FunctionAt(ulong address) => Describe(address) is { } text ? Plain(text.Split('+')[0]) : null;

    /// <summary>All names, without the compiler's marks.</summary>
    public IEnumerable<string> Functions => names.Select(Plain);

    /// <summary>name+0xoffset, or null.</summary>
    public string? Describe(ulong address)
    {
        int index = Array.BinarySearch(addresses, address);
        if (index < 0)
            index = ~index - 1;
        if (index < 0 || address - addresses[index] > Reach)
            return null;
        ulong offset = address - addresses[index];
        return offset == 0 ? names[index] : string.Create(CultureInfo.InvariantCulture, $"{names[index]}+0x{offset:x}");
    }

    private static string Plain(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? name : name[..dot];
    }
}
