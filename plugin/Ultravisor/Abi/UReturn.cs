namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>Return codes of ultracalls and hypercalls; both use PAPR's numbers (Linux: arch/powerpc/include/asm/hvcall.h).</summary>
public static class UReturn
{
    public const long U_SUCCESS = 0;
    public const long U_BUSY = 1;
    public const long U_FUNCTION = -2;
    public const long U_PARAMETER = -4;

    /// <summary>No resources now; Linux has no name for it.</summary>
    public const long U_RETRY = -5;
    public const long U_AUTHORITY = -10;
    public const long U_PERMISSION = -11;
    public const long U_P2 = -55;
    public const long U_P3 = -56;
    public const long U_P4 = -57;
    public const long U_P5 = -58;

    /// <summary>A transaction is active.</summary>
    public const long U_BAD_MODE = -59;
    public const long H_UNSUPPORTED = -67;
    public const long U_STATE = -75;

    private static readonly Dictionary<long, string> Names = typeof(UReturn)
        .GetFields()
        .Where(field => field.IsLiteral)
        .ToDictionary(field => (long)field.GetRawConstantValue()!, field => field.Name);

    /// <summary>All codes.</summary>
    public static IEnumerable<long> All => Names.Keys.Order();

    /// <summary><c>0</c>, or a code with its name as in <c>-4 (U_PARAMETER)</c>.</summary>
    public static string Text(long code) => code != 0 && Names.TryGetValue(code, out string? name) ? $"{code} ({name})" : $"{code}";

    /// <summary>The name of a code, or its number: what <see cref="Parse"/> takes.</summary>
    public static string Name(long code) => Names.GetValueOrDefault(code) ?? $"{code}";

    /// <summary>The number for a name of this class, or a number itself; null if it is neither.</summary>
    public static long? Parse(string text)
    {
        foreach ((long code, string name) in Names)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
                return code;
        }

        return long.TryParse(text, out long number) ? number : null;
    }
}
