namespace RenodeUvmem.Power9.Isa;

/// <summary>Where each form keeps its fields. IBM numbering: bit 0 is the most significant of the 32.</summary>
public static class FormFields
{
    /// <summary>Bits first..last of a word, right aligned.</summary>
    public static uint Bits(uint word, int first, int last) => (word >> (31 - last)) & (uint)((1UL << (last - first + 1)) - 1);

    /// <summary>One bit of a word.</summary>
    public static bool Bit(uint word, int bit) => ((word >> (31 - bit)) & 1) != 0;

    /// <summary>The Rc bit's place.</summary>
    public static int RcBit(Form form) => form is Form.VC or Form.XX3Rc ? 21 : 31;

    /// <summary>First and last bit of the extended opcode, or (-1, -1).</summary>
    public static (int First, int Last) XoBits(Form form) => form switch
    {
        Form.SC or Form.DS => (30, 31),
        Form.DQ => (29, 31),
        Form.X or Form.XL or Form.XFX or Form.XFL or Form.XX1 => (21, 30),
        Form.XO or Form.Z22 => (22, 30),
        Form.A or Form.DX or Form.Isel => (26, 30),
        Form.MD => (27, 29),
        Form.MDS => (27, 30),
        Form.XS or Form.XX2 => (21, 29),
        Form.VA or Form.VARc => (26, 31),
        Form.VX => (21, 31),
        Form.VC => (22, 31),
        Form.XX3 => (21, 28),
        Form.XX3Rc => (22, 28),
        Form.XX3Dm => (24, 28),
        Form.XX4 => (26, 27),
        Form.Z23 => (23, 30),
        _ => (-1, -1),
    };

    /// <summary>Mask and value of a declared encoding.</summary>
    internal static (uint Mask, uint Value) Encoding(InsnAttribute row)
    {
        uint mask = 0xFC000000;
        uint value = (uint)row.Opcode << 26;
        (int first, int last) = XoBits(row.Form);
        if (row.Xo >= 0 && first >= 0)
        {
            uint field = (uint)((1UL << (last - first + 1)) - 1);
            if ((uint)row.Xo > field)
                throw new InvalidOperationException($"{row.Mnemonic}: extended opcode {row.Xo} does not fit form {row.Form}");
            mask |= field << (31 - last);
            value |= (uint)row.Xo << (31 - last);
        }

        if (row.Form == Form.XX3Dm)
            mask |= 1u << (31 - 21);
        if (row.Where is { } where)
        {
            if (where.Length != 32)
                throw new InvalidOperationException($"{row.Mnemonic}: Where must have 32 characters, has {where.Length}");
            for (int bit = 0; bit < 32; bit++)
            {
                if (where[bit] is '0' or '1')
                {
                    mask |= 1u << (31 - bit);
                    value = (value & ~(1u << (31 - bit))) | ((uint)(where[bit] - '0') << (31 - bit));
                }
            }
        }

        return (mask, value);
    }

    /// <summary>SPR number: the two halves of the field are swapped (ISA 3.0B Book III 5.4.4).</summary>
    public static int SprNumber(uint word) => (int)((Bits(word, 16, 20) << 5) | Bits(word, 11, 15));
}
