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
                text.Append(Operand(operands[at..end], word, address, row.Declaration));
            if (end < operands.Length)
                text.Append(operands[end]);
            at = end + 1;
        }

        return text.ToString();
    }

    private static string Operand(string name, uint word, ulong address, InsnAttribute row)
    {
        // A name without a place in the word: show the word, so that the reader can look it up.
        if (OperandField.Of(name, row) is not { } field)
            return $"{name}@{word:x8}";
        int value = field.Extract(word);
        return name switch
        {
            "RA0" => value == 0 ? "0" : $"r{value}",
            "RT" or "RS" or "RTp" or "RSp" or "RA" or "RB" or "RC" => $"r{value}",
            "FRT" or "FRS" or "FRTp" or "FRSp" or "FRA" or "FRAp" or "FRB" or "FRBp" or "FRC" => $"f{value}",
            "VRT" or "VRS" or "VRA" or "VRB" or "VRC" => $"v{value}",
            "XT" or "XS" or "XA" or "XB" or "XC" => $"vs{value}",
            "BF" when row.Form != Form.X || row.Opcode != 63 || row.Xo != 134 => $"cr{value}",
            "BFA" => $"cr{value}",
            "SPR" => SprTable.Find(value)?.Name ?? value.ToString(CultureInfo.InvariantCulture),
            "LI" => Target(word, address, Signed(field, value) << 2),
            "BD" => Target(word, address, Signed(field, value) << 2),
            "DS" => (Signed(field, value) << 2).ToString(CultureInfo.InvariantCulture),
            "DQ" => (Signed(field, value) << 4).ToString(CultureInfo.InvariantCulture),
            "SI" or "D" or "SIM" or "TE" => Signed(field, value).ToString(CultureInfo.InvariantCulture),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static int Signed(OperandField field, int value) => value << (32 - field.Bits.Length) >> (32 - field.Bits.Length);

    private static string Target(uint word, ulong address, int distance) =>
        $"0x{((word & 2) != 0 ? (ulong)(long)distance : address + (ulong)(long)distance):x}";
}
