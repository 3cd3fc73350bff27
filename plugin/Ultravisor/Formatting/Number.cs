using System.Globalization;

namespace RenodeUvmem.Ultravisor.Formatting;

/// <summary>Numbers as a person writes them.</summary>
public static class Number
{
    /// <summary>What to say of something that is none.</summary>
    public const string Expected = "expected a number, decimal or 0x…";

    /// <summary>A number, decimal or 0x…</summary>
    public static bool TryParse(string text, out ulong number) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>With separators for reading: 1,234,567.</summary>
    public static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
