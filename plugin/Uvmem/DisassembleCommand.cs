using System.Buffers.Binary;
using System.Globalization;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem disasm</c>: instructions of a kernel as the CPU decodes them.</summary>
internal static class DisassembleCommand
{
    private const int DefaultCount = 16;

    /// <summary>Prints instructions.</summary>
    /// <exception cref="OptionException">The options can't be met.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        string? path = null;
        string? at = null;
        int count = DefaultCount;
        OptionParser.Parse(
            words,
            [
                new("--kernel", OptionArgument.Required, "FILE", "", v => path = v),
                new("--at", OptionArgument.Required, "ADDRESS-OR-SYMBOL", "", v => at = v),
                new("--count", OptionArgument.Required, "N", "", v => count = ParseCount(v!)),
            ]);
        using InputFile file = InputFile.Open("--kernel", path ?? throw new OptionException("--kernel", "expected, with the file to disassemble"));
        var image = ElfImage.Read(file);
        var symbols = SymbolTable.Of(image);
        ulong address = at is null ? image.Entry : ParseAddress(at, symbols);
        Span<byte> bytes = stackalloc byte[4];
        for (int n = 0; n < count; n++, address += 4)
        {
            if (!image.TryRead(address, bytes))
                throw new OptionException("--at", $"the file has no instruction at 0x{address:x}");
            uint word = image.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{address:x16} {word:x8}  {Disassembler.Text(word, address),-32} {symbols.Describe(address)}").TrimEnd());
        }

        return ExitCode.Done;
    }

    private static int ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new OptionException("--count", $"'{text}' is no number, expected 1 or more");

    private static ulong ParseAddress(string text, SymbolTable symbols)
    {
        if (symbols.Find(text) is { } known)
            return known;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            ? address & ~3UL
            : throw new OptionException("--at", $"'{text}' is neither a symbol of the file nor a hexadecimal address");
    }
}
