namespace RenodeUvmem.Power9.Isa;

/// <summary>Where an operand of a row lies in the instruction word (ISA 3.0B Book I 1.6): bits from most to least significant.</summary>
public sealed record OperandField(string Name, int[] Bits)
{
    /// <summary>Values the field has.</summary>
    public int Range => 1 << Bits.Length;

    /// <summary>The field of an operand name, or null if the name has no fixed place.</summary>
    public static OperandField? Of(string name, InsnAttribute row)
    {
        int[]? bits = BitsOf(name, row);
        return bits is null ? null : new OperandField(name, bits);
    }

    /// <summary>The word with this field set.</summary>
    public uint Insert(uint word, int value)
    {
        for (int k = 0; k < Bits.Length; k++)
        {
            uint mask = 1u << (31 - Bits[Bits.Length - 1 - k]);
            word = (value >> k & 1) != 0 ? word | mask : word & ~mask;
        }

        return word;
    }

    /// <summary>The field's value.</summary>
    public int Extract(uint word) => Bits.Aggregate(0, (value, bit) => (value << 1) | (int)((word >> (31 - bit)) & 1));

    private static int[]? BitsOf(string name, InsnAttribute row)
    {
        Form form = row.Form;
        return name switch
        {
            "RT" or "RS" or "RTp" or "RSp" or "FRT" or "FRS" or "FRTp" or "FRSp" or "VRT" or "VRS" or "TO" or "BT" or "BO" or "CT" => Run(6, 10),
            "XT" or "XS" => [form == Form.DQ ? 28 : 31, .. Run(6, 10)],
            "RA" or "RA0" or "FRA" or "FRAp" or "TE" or "VRA" or "BA" or "BI" or "SIM" => Run(11, 15),
            "XA" => [29, .. Run(11, 15)],
            "RB" or "FRB" or "FRBp" or "VRB" or "BB" or "NB" or "FC" => Run(16, 20),
            "XB" => [30, .. Run(16, 20)],
            "RC" or "FRC" or "VRC" or "BC" => Run(21, 25),
            "XC" => [28, .. Run(21, 25)],
            "SH" when form == Form.Z22 => Run(16, 21),
            "SH" => form is Form.MD or Form.XS ? [30, .. Run(16, 20)] : Run(16, 20),
            "MB" => form == Form.M ? Run(21, 25) : [26, .. Run(21, 25)],
            "ME" => form == Form.M ? Run(26, 30) : [26, .. Run(21, 25)],
            "SI" when form == Form.X => Run(16, 20),
            "SI" or "UI" => Run(16, 31),
            "D" => form == Form.DX ? [.. Run(16, 25), .. Run(11, 15), 31] : Run(16, 31),
            "DS" => Run(16, 29),
            "DQ" => Run(16, 27),
            "BD" => Run(16, 29),
            "LI" => Run(6, 29),
            "BF" => Run(6, 8),
            "BFA" => Run(11, 13),
            "BH" => Run(19, 20),
            "BHRBE" => Run(11, 20),
            "SPR" => [.. Run(16, 20), .. Run(11, 15)],
            "LEV" => Run(20, 26),
            "RIC" => Run(12, 13),
            "PRS" => [14],
            "IH" => Run(8, 10),
            "WC" => Run(9, 10),
            "A" => [6],
            "L" => LevelOf(row),
            "FXM" => Run(12, 19),
            "FLM" => Run(7, 14),
            "R" when row.Mnemonic == "tbegin." => [10],
            "W" or "R" => [15],
            "U" => Run(16, 19),
            "DRM" => Run(18, 20),
            "RM" => Run(19, 20),
            "RMC" => Run(21, 22),
            "DCM" or "DGM" => Run(16, 21),
            "SP" => Run(11, 12),
            "S" => form == Form.XL ? [20] : [11],
            "CY" => Run(21, 22),
            "TH" => Run(6, 10),
            "STRM" => Run(9, 10),
            "SHB" => Run(22, 25),
            "DM" or "SHW" => Run(22, 23),
            "IMM8" => Run(13, 20),
            "ST" => [16],
            "SIX" => Run(17, 20),
            "PS" => [22],
            "UIM" => ImmediateOf(row),
            "DCMX" => form == Form.XX2 && row.Mnemonic.StartsWith("xv", StringComparison.Ordinal) ? [25, 29, .. Run(11, 15)] : Run(9, 15),
            _ => null,
        };
    }

    private static int[] LevelOf(InsnAttribute row) => row.Mnemonic switch
    {
        "mtfsf[.]" => [6],
        "dcbf" or "sync" => Run(9, 10),
        "darn" => Run(14, 15),
        "mtmsr" or "mtmsrd" => [15],
        _ => [10],
    };

    // UIM is as wide as the element number needs, in the low bits of 11:15; conversions use all five.
    private static int[] ImmediateOf(InsnAttribute row) => row.Mnemonic switch
    {
        "dtstsfi" or "dtstsfiq" => Run(10, 15),
        "vspltb" or "vextractub" or "vinsertb" => Run(12, 15),
        "vsplth" => Run(13, 15),
        "vspltw" or "xxspltw" => Run(14, 15),
        _ when row.Mnemonic.StartsWith("vextract", StringComparison.Ordinal) || row.Mnemonic.StartsWith("vinsert", StringComparison.Ordinal) => Run(12, 15),
        _ when row.Form == Form.XX2 => Run(12, 15),
        _ => Run(11, 15),
    };

    private static int[] Run(int first, int last) => [.. Enumerable.Range(first, last - first + 1)];
}
