using System.Buffers.Text;
using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Names for addresses: from a kernel's own symbol table or from a System.map.</summary>
/// <remarks>A kernel has some 100,000 of them, of which few are ever asked for: they stay text, for a string each would be work at the start and for each garbage collection.</remarks>
public sealed class SymbolTable
{
    // An address further behind a symbol than this belongs to nothing that is known.
    private const ulong Reach = 1UL << 20;

    // nm's letters.
    private const string CodeTypes = "tTwW";
    private const string DataTypes = "bBdDrR";

    private readonly ulong[] addresses;
    private readonly Range[] names;
    private readonly byte[] text;

    private SymbolTable(IEnumerable<(ulong Address, ReadOnlyMemory<byte> Name)> symbols)
    {
        var collector = new Collector();
        foreach ((ulong address, ReadOnlyMemory<byte> name) in symbols)
            collector.Add(address, name.Span);
        (addresses, names, text) = collector.Sort();
    }

    /// <summary>No names.</summary>
    public static SymbolTable Empty { get; } = new([]);

    /// <summary>Number of symbols.</summary>
    public int Count => addresses.Length;

    /// <summary>Symbols that a host knows.</summary>
    public static SymbolTable Of(IEnumerable<(ulong Address, string Name)> symbols) =>
        new(symbols.Select(symbol => (symbol.Address, new ReadOnlyMemory<byte>(Encoding.Latin1.GetBytes(symbol.Name)))));

    /// <summary>Symbols of an ELF image.</summary>
    public static SymbolTable Of(ElfImage image) => new(image.Symbols().Where(symbol => symbol.Address != 0));

    /// <summary>Symbols of a System.map: lines of address, type, name. Those of code; of variables if <paramref name="data"/>.</summary>
    /// <exception cref="OptionException">The file can't be read or has no such line.</exception>
    public static SymbolTable OfSystemMap(string option, string path, bool data = false)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(option, $"can't read {path}: {e.Message}");
        }

        var table = new SymbolTable(Lines(file, data ? DataTypes : CodeTypes));
        if (table.Count == 0)
            throw new OptionException(option, $"{path} has no line with address, type and name, expected a System.map");
        return table;
    }

    /// <summary>Address of a name, the lowest if there are several, or null.</summary>
    public ulong? Find(string name)
    {
        byte[] wanted = Encoding.Latin1.GetBytes(name);
        for (int index = 0; index < names.Length; index++)
        {
            if (text.AsSpan(names[index]).SequenceEqual(wanted))
                return addresses[index];
        }

        return null;
    }

    /// <summary>Addresses of a function, however the compiler has marked its copies: <c>f</c>, <c>f.isra.0</c>, <c>f.constprop.0</c>.</summary>
    public IReadOnlyList<ulong> FindFunction(string name)
    {
        byte[] wanted = Encoding.Latin1.GetBytes(name);
        return [.. Enumerable.Range(0, names.Length).Where(IsOfFunction).Select(index => addresses[index])];

        bool IsOfFunction(int index)
        {
            ReadOnlySpan<byte> symbol = text.AsSpan(names[index]);
            return symbol.StartsWith(wanted) && (symbol.Length == wanted.Length || (wanted.Length > 0 && symbol[wanted.Length] == '.'));
        }
    }

    /// <summary>Name of the function that an address is in, without the compiler's marks, or null.</summary>
    public string? FunctionAt(ulong address) => IndexAt(address) is int index ? Plain(Name(index)) : null;

    /// <summary>All names, without the compiler's marks.</summary>
    public IEnumerable<string> Functions => Enumerable.Range(0, names.Length).Select(index => Plain(Name(index)));

    /// <summary>name+0xoffset, or null.</summary>
    public string? Describe(ulong address)
    {
        if (IndexAt(address) is not int index)
            return null;
        ulong offset = address - addresses[index];
        return offset == 0 ? Name(index) : string.Create(CultureInfo.InvariantCulture, $"{Name(index)}+0x{offset:x}");
    }

    private static IEnumerable<(ulong Address, ReadOnlyMemory<byte> Name)> Lines(byte[] file, string types)
    {
        int end;
        for (int begin = 0; begin < file.Length; begin = end + 1)
        {
            end = Array.IndexOf(file, (byte)'\n', begin);
            if (end < 0)
                end = file.Length;
            if (!Utf8Parser.TryParse(file.AsSpan(begin, end - begin), out ulong address, out int digits, 'x'))
                continue;

            // " T name", perhaps with a module's name behind it.
            ReadOnlyMemory<byte> rest = file.AsMemory((begin + digits)..end);
            if (rest.Length < 4 || rest.Span[0] != ' ' || rest.Span[2] != ' ' || !types.Contains((char)rest.Span[1], StringComparison.Ordinal))
                continue;
            ReadOnlyMemory<byte> name = rest[3..];
            int length = name.Span.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
            if (length != 0)
                yield return (address, length < 0 ? name : name[..length]);
        }
    }

    private int? IndexAt(ulong address)
    {
        int index = Array.BinarySearch(addresses, address);
        if (index < 0)
            index = ~index - 1;

        // The first of several at one address.
        while (index > 0 && addresses[index - 1] == addresses[index])
            index--;
        return index < 0 || address - addresses[index] > Reach ? null : index;
    }

    private string Name(int index) => Encoding.Latin1.GetString(text.AsSpan(names[index]));

    private static string Plain(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? name : name[..dot];
    }

    // Names in the order they come in, one behind the other.
    private sealed class Collector
    {
        private readonly List<ulong> addresses = [];
        private readonly List<Range> names = [];
        private byte[] text = new byte[1 << 12];
        private int used;

        public void Add(ulong address, ReadOnlySpan<byte> name)
        {
            if (name.Length > text.Length - used)
                Array.Resize(ref text, Math.Max(text.Length * 2, used + name.Length));
            name.CopyTo(text.AsSpan(used));
            addresses.Add(address);
            names.Add(used..(used + name.Length));
            used += name.Length;
        }

        // By address, then by name.
        public (ulong[] Addresses, Range[] Names, byte[] Text) Sort()
        {
            ulong[] sorted = [.. addresses];
            Range[] ranges = [.. names];
            Array.Sort(sorted, ranges);
            for (int first = 0, end; first < sorted.Length; first = end)
            {
                for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first];)
                    end++;
                if (end - first > 1)
                    ranges.AsSpan(first, end - first).Sort((a, b) => text.AsSpan(a).SequenceCompareTo(text.AsSpan(b)));
            }

            return (sorted, ranges, text.AsSpan(0, used).ToArray());
        }
    }
}
