using System.Globalization;

namespace RenodeUvmem.Platform.Boot;

/// <summary>Sizes as people write them: 2G, 512M, 65536.</summary>
public static class ByteSize
{
    /// <summary>1 MiB.</summary>
    public const ulong MiB = 1UL << 20;

    /// <summary>1 GiB.</summary>
    public const ulong GiB = 1UL << 30;

    /// <summary>Parses a size with an optional suffix K, M, G or T (powers of 1024).</summary>
    public static bool TryParse(string text, out ulong size)
    {
        size = 0;
        int shift = text.Length == 0 ? -1 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        string digits = shift > 0 ? text[..^1] : text;
        if (shift < 0 || !ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number > ulong.MaxValue >> shift)
            return false;
        size = number << shift;
        return true;
    }

    /// <summary>Writes a size in the largest unit that divides it.</summary>
    public static string Text(ulong size)
    {
        string[] units = ["", " KiB", " MiB", " GiB", " TiB"];
        int unit = 0;
        while (unit < units.Length - 1 && size != 0 && (size & 1023) == 0)
        {
            size >>= 10;
            unit++;
        }

        return size.ToString(CultureInfo.InvariantCulture) + (unit == 0 ? " bytes" : units[unit]);
    }
}
