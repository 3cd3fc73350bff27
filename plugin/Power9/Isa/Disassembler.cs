using System.Globalization;
using System.Text;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Isa;

/// <summary>Text of an instruction, from its row's operand list.</summary>
public static class Disassembler
{
    /// <summary>Disassembles a word at an address (branch targets are absolute).</summary>
    public static string Text(uint word, ulong address)
    {
        InstructionRow? row = InstructionTable.Instance.Find(word);
        if (row is null)
            return string.Create(CultureInfo.InvariantCulture, $".long 0x{word:x8}");
        string operands = row.Declaration.Operands;
        var text = new StringBuilder(row.MnemonicOf(word));
        if (operands.Length == 0)
            return text.ToString();
        text.Append(' ');
        int at = 0;
        while (at < operands.Length)
        {
            int end = at;
            while (end < operands.Length && char.IsLetterOrDigit(operands[end]))
                end++;
            if (end > at)
                text.Append(Operand(operands[at..end], word, address, row.Declaration.Form));
            if (end < operands.Length)
                text.Append(operands[end]);
            at = end + 1;
        }

        return text.ToString();
    }

    private static string Operand(string name, uint word, ulong address, Form form)
    {
        uint t = FormFields.Bits(word, 6, 10);
        uint a = FormFields.Bits(word, 11, 15);
        uint b = FormFields.Bits(word, 16, 20);
        uint c = FormFields.Bits(word, 21, 25);
        return name switch
        {
            "RT" or "RS" or "RTp" or "RSp" => $"r{t}",
            "RA" => $"r{a}",
            "RA0" => a == 0 ? "0" : $"r{a}",
            "RB" => $"r{b}",
            "RC" => $"r{c}",
            "FRT" or "FRS" or "FRTp" or "FRSp" => $"f{t}",
            "FRA" or "FRAp" => $"f{a}",
            "FRB" or "FRBp" => $"f{b}",
            "FRC" => $"f{c}",
            "VRT" or "VRS" => $"v{t}",
            "VRA" => $"v{a}",
            "VRB" => $"v{b}",
            "VRC" => $"v{c}",
            "XT" or "XS" => $"vs{t | ((form == Form.DQ ? FormFields.Bits(word, 28, 28) : word & 1) << 5)}",
            "XA" => $"vs{a | (FormFields.Bits(word, 29, 29) << 5)}",
            "XB" => $"vs{b | (FormFields.Bits(word, 30, 30) << 5)}",
            "XC" => $"vs{c | (FormFields.Bits(word, 28, 28) << 5)}",
            "SI" or "D" => ((short)word).ToString(CultureInfo.InvariantCulture),
            "UI" => ((ushort)word).ToString(CultureInfo.InvariantCulture),
            "DS" => ((short)word & ~3).ToString(CultureInfo.InvariantCulture),
            "DQ" => ((short)word & ~15).ToString(CultureInfo.InvariantCulture),
            "LI" => Target(word, address, (int)(word << 6) >> 6 & ~3),
            "BD" => Target(word, address, (short)word & ~3),
            "BF" => $"cr{FormFields.Bits(word, 6, 8)}",
            "BFA" => $"cr{FormFields.Bits(word, 11, 13)}",
            "SPR" => SprTable.Find(FormFields.SprNumber(word))?.Name ?? FormFields.SprNumber(word).ToString(CultureInfo.InvariantCulture),
            "SH" when form is Form.MD or Form.XS => $"{b | (FormFields.Bits(word, 30, 30) << 5)}",
            "SH" when form == Form.Z22 => $"{FormFields.Bits(word, 16, 21)}",
            "SH" or "NB" or "BB" => $"{b}",
            "MB" or "ME" when form is Form.MD or Form.MDS => $"{c | (FormFields.Bits(word, 26, 26) << 5)}",
            "MB" => $"{c}",
            "ME" => $"{FormFields.Bits(word, 26, 30)}",
            "BO" or "BT" or "TO" or "TH" => $"{t}",
            "UIM" when form == Form.X => $"{FormFields.Bits(word, 10, 15)}",
            "BI" or "BA" or "UIM" or "SIM" => $"{a}",
            "L" => $"{FormFields.Bits(word, 10, 10)}",
            "LEV" => $"{FormFields.Bits(word, 20, 26)}",
            "FXM" => $"0x{FormFields.Bits(word, 12, 19):x}",
            "R" => $"{FormFields.Bits(word, 15, 15)}",
            "RMC" => $"{FormFields.Bits(word, 21, 22)}",
            "DCM" or "DGM" => $"{FormFields.Bits(word, 16, 21)}",
            "TE" => $"{(int)(a << 27) >> 27}",
            "SP" => $"{FormFields.Bits(word, 11, 12)}",
            "S" when form == Form.X => $"{FormFields.Bits(word, 11, 11)}",
            "RIC" => $"{FormFields.Bits(word, 12, 13)}",
            "PRS" => $"{FormFields.Bits(word, 14, 14)}",

            // Rare fields: name them with the word, so that the reader can look them up.
            "BH" => $"{FormFields.Bits(word, 19, 20)}",
            _ => $"{name}@{word:x8}",
        };
    }

    private static string Target(uint word, ulong address, int distance) =>
        $"0x{((word & 2) != 0 ? (ulong)(long)distance : address + (ulong)(long)distance):x}";
}
