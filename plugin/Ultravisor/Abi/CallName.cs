using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>An ultracall or hypercall by name or number.</summary>
/// <param name="IsHypercall">Which of the two.</param>
/// <param name="Number">R3.</param>
public readonly record struct CallName(bool IsHypercall, ulong Number)
{
    // Ultracalls lie here (ultravisor-api.h); a number of it that has no name is one that nobody knows.
    private const ulong FirstUltraCall = 0xF100;
    private const ulong LastUltraCall = 0xF1FC;

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Enum.GetNames<UltraCall>().Concat(Enum.GetNames<HCall>());

    /// <summary>Whether it has a name.</summary>
    public bool IsNamed => IsHypercall ? Enum.IsDefined((HCall)Number) : Enum.IsDefined((UltraCall)Number);

    /// <summary>Its name, or its kind and number.</summary>
    public override string ToString() => IsHypercall ? Of((HCall)Number) : Of((UltraCall)Number);

    /// <summary>Name of an ultracall, or its number.</summary>
    public static string Of(UltraCall call) => Enum.GetName(call) ?? $"ultracall 0x{(ulong)call:x}";

    /// <summary>Name of a hypercall, or its number.</summary>
    public static string Of(HCall call) => Enum.GetName(call) ?? $"hypercall 0x{(ulong)call:x}";

    /// <summary>The call of a name, whatever its case, or of a number.</summary>
    /// <exception cref="FormatException">There is none; the message names similar ones.</exception>
    public static CallName Parse(string text)
    {
        if (Formatting.Number.TryParse(text, out ulong number))
        {
            if (Enum.IsDefined((HCall)number))
                return new CallName(true, number);
            if (number is >= FirstUltraCall and <= LastUltraCall)
                return new CallName(false, number);
        }
        else if (Enum.TryParse(text, ignoreCase: true, out UltraCall ultra) && Enum.IsDefined(ultra))
        {
            return new CallName(false, (ulong)ultra);
        }
        else if (Enum.TryParse(text, ignoreCase: true, out HCall hyper) && Enum.IsDefined(hyper))
        {
            return new CallName(true, (ulong)hyper);
        }

        throw new FormatException($"\"{text}\" is no ultracall or hypercall" + CloseMatch.Hint(text, All, $"; ultracalls are {string.Join(", ", Enum.GetNames<UltraCall>())}"));
    }
}
