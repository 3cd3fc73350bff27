using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Ultravisor.Mmio;

/// <summary>A load or store of one GPR, as far as emulating it needs. The encoding comes from the CPU's instruction table.</summary>
/// <param name="IsStore">Stores RS, else loads RT.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsSigned">Load sign-extends.</param>
/// <param name="IsReversed">Byte-reverse form.</param>
/// <param name="IsUpdate">RA gets the effective address.</param>
/// <param name="Register">RT or RS.</param>
/// <param name="Base">RA.</param>
internal readonly record struct StorageInstruction(bool IsStore, int Size, bool IsSigned, bool IsReversed, bool IsUpdate, int Register, int Base)
{
    /// <summary>Decodes a word; null if it is no load or store of one GPR.</summary>
    public static StorageInstruction? Decode(uint word)
    {
        if (InstructionTable.Instance.Find(word) is not { } row)
            return null;
        string name = row.MnemonicOf(word);
        bool store = name.StartsWith("st", StringComparison.Ordinal);
        if (!store && name[0] != 'l')
            return null;

        // Names are built from parts: l or st, width b h w d, a (algebraic) or z (zero) for loads, br, u, x, cix.
        string rest = name[(store ? 2 : 1)..];
        int size = rest.Length > 0 ? Width(rest[0]) : 0;
        if (size == 0)
            return null;
        rest = rest[1..];
        bool signed = !store && Take(ref rest, "a");
        if (!store && !signed)
            Take(ref rest, "z");
        bool reversed = Take(ref rest, "br");
        bool update = Take(ref rest, "u");
        if (rest is not ("" or "x" or "cix"))
            return null;
        return new StorageInstruction(store, size, signed, reversed, update, (int)FormFields.Bits(word, 6, 10), (int)FormFields.Bits(word, 11, 15));
    }

    private static int Width(char letter) => letter switch
    {
        'b' => 1,
        'h' => 2,
        'w' => 4,
        'd' => 8,
        _ => 0,
    };

    private static bool Take(ref string text, string part)
    {
        if (!text.StartsWith(part, StringComparison.Ordinal))
            return false;
        text = text[part.Length..];
        return true;
    }
}
