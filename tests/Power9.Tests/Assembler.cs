using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests;

/// <summary>Makes instruction words from rows of the instruction table: mnemonic, then operands in the row's order.</summary>
internal static class Assembler
{
    // Rows of one mnemonic differ in what they fix (mfspr and mflr do not share a name): the least specific one takes all operands.
    private static readonly Dictionary<string, InstructionRow> Rows = InstructionTable.Instance.Rows
        .GroupBy(row => Plain(row.Declaration.Mnemonic))
        .ToDictionary(group => group.Key, group => group.Last());

    /// <summary>The word of an instruction.</summary>
    /// <param name="mnemonic">Name without the variants in brackets; <c>bl</c> and the like are not offered.</param>
    /// <param name="operands">Register numbers and immediates.</param>
    /// <exception cref="ArgumentException">No such mnemonic, or a wrong number of operands.</exception>
    public static uint Word(string mnemonic, params long[] operands)
    {
        if (!Rows.TryGetValue(mnemonic, out InstructionRow? row))
            throw new ArgumentException($"no row is called {mnemonic}");
        string[] names = row.Declaration.Operands.Split([',', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        if (names.Length != operands.Length)
            throw new ArgumentException($"{mnemonic} takes {row.Declaration.Operands}, not {operands.Length} operands");
        uint word = row.Value;
        for (int k = 0; k < names.Length; k++)
            word |= Field(row, names[k], (uint)operands[k]);
        return word;
    }

    private static string Plain(string mnemonic) =>
        mnemonic.Replace("[o]", "", StringComparison.Ordinal).Replace("[.]", "", StringComparison.Ordinal)
            .Replace("[l]", "", StringComparison.Ordinal).Replace("[a]", "", StringComparison.Ordinal);

    // Places of the fields: ISA 3.0B Book I 1.6.
    private static uint Field(InstructionRow row, string name, uint value) => name switch
    {
        "RT" or "RS" or "RTp" or "RSp" or "FRT" or "FRS" or "VRT" or "VRS" or "TO" or "BO" or "TH" => value << 21,
        "RA" or "RA0" or "FRA" or "VRA" or "BI" => value << 16,
        "RB" or "FRB" or "VRB" or "FC" or "NB" => value << 11,
        "XT" or "XS" => ((value & 31) << 21) | (value >> 5),
        "XA" => ((value & 31) << 16) | ((value >> 5) << 2),
        "XB" => ((value & 31) << 11) | ((value >> 5) << 1),
        "SI" or "UI" or "D" => value & 0xFFFF,
        "DS" => value & 0xFFFC,
        "DQ" => value & 0xFFF0,
        "LI" => value & 0x03FFFFFC,
        "BD" => value & 0xFFFC,
        "BH" => value << 11,
        "SPR" => ((value & 31) << 16) | ((value >> 5) << 11),
        "LEV" => value << 5,
        "RIC" => value << 18,
        "PRS" => value << 17,
        "R" => value << 16,
        "IH" => value << 21,
        "S" when row.Declaration.Form == Form.XL => value << 11,
        "BF" => value << 23,
        "L" when row.Declaration.Mnemonic is "cmpi" or "sync" => value << 21,
        "L" when row.Declaration.Mnemonic is "mtmsrd" or "mtmsr" => value << 16,
        _ => throw new ArgumentException($"{row.Declaration.Mnemonic}: field {name} is not known here"),
    };
}
