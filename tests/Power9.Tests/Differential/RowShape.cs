using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>How a row addresses storage.</summary>
internal enum Addressing
{
    None,

    /// <summary>Displacement and base.</summary>
    Displacement,

    /// <summary>Base and index.</summary>
    Indexed,

    /// <summary>Base alone.</summary>
    Base,

    /// <summary>Base, and an index register that holds a length in its high byte.</summary>
    Length,
}

/// <summary>What the generator knows of a row, all of it from the row's declaration.</summary>
internal sealed class RowShape
{
    public RowShape(InstructionRow row)
    {
        Row = row;
        InsnAttribute declaration = row.Declaration;
        foreach (string operand in declaration.Operands.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = operand.Split('(', ')');
            foreach (string name in parts.Where(part => part.Length > 0))
            {
                if (OperandField.Of(name, declaration) is { } field)
                    Fields.Add(field);
                else
                    Unknown ??= name;
            }

            if (parts.Length > 1)
            {
                Addressing = Addressing.Displacement;
                Displacement = OperandField.Of(parts[0], declaration);
            }
        }

        AddVariant("[o]", 21);
        AddVariant("[.]", FormFields.RcBit(declaration.Form));
        AddVariant("[l]", 31);
        AddVariant("[a]", 30);
        if (Addressing == Addressing.None)
            Addressing = FromNames(declaration);
    }

    public InstructionRow Row { get; }

    public string Mnemonic => Row.Declaration.Mnemonic;

    public List<OperandField> Fields { get; } = [];

    /// <summary>An operand name whose place is not known, or null.</summary>
    public string? Unknown { get; private set; }

    public Addressing Addressing { get; }

    public OperandField? Displacement { get; }

    /// <summary>Whether the instruction writes its base register.</summary>
    public bool IsUpdate => Addressing is Addressing.Displacement or Addressing.Indexed && Fields.Any(field => field.Name == "RA");

    /// <summary>Whether a field names a GPR.</summary>
    public static bool IsGpr(string name) => name is "RT" or "RS" or "RTp" or "RSp" or "RA" or "RA0" or "RB" or "RC";

    private static Addressing FromNames(InsnAttribute declaration)
    {
        string mnemonic = declaration.Mnemonic;
        string operands = declaration.Operands;
        if (declaration.Form is not (Form.X or Form.XX1))
            return Addressing.None;
        if (mnemonic.Contains("xvl", StringComparison.Ordinal))
            return Addressing.Length;
        if (operands.Contains("RA0,FC", StringComparison.Ordinal) || operands.Contains("RA0,NB", StringComparison.Ordinal))
            return Addressing.Base;
        bool updates = mnemonic.EndsWith("ux", StringComparison.Ordinal) && mnemonic[0] is 'l' or 's' && operands.EndsWith("RA,RB", StringComparison.Ordinal);
        return updates || operands.Contains("RA0,RB", StringComparison.Ordinal) ? Addressing.Indexed : Addressing.None;
    }

    private void AddVariant(string letter, int bit)
    {
        if (Mnemonic.Contains(letter, StringComparison.Ordinal))
            Fields.Add(new OperandField(letter, [bit]));
    }
}
