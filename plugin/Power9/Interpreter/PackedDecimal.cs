using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Signed packed decimal: 31 digits of four bits, then a sign code; A, C, E, F are plus, B and D minus (ISA 3.0B Book I 6.17.1).
/// </summary>
internal readonly unsafe struct PackedDecimal
{
    /// <summary>Digits of a signed value.</summary>
    public const int DigitCount = 31;

    private const int MinusCode = 0xD;

    /// <summary>Splits a register.</summary>
    public PackedDecimal(UInt128 register)
    {
        int code = (int)register & 15;
        Digits = register >> 4;
        Negative = code is 0xB or MinusCode;
        Valid = code >= 0xA && AreDigits(Digits);
    }

    /// <summary>Smallest magnitude that 31 digits cannot hold.</summary>
    public static UInt128 Limit { get; } = new UInt128(0x7E37BE2022, 0xC0914B2680000000);

    /// <summary>The magnitude, four bits a digit.</summary>
    public UInt128 Digits { get; }

    /// <summary>Sign code is a minus; also possible with zero.</summary>
    public bool Negative { get; }

    /// <summary>All digits are 0..9 and the sign code is A..F.</summary>
    public bool Valid { get; }

    /// <summary>The value as a binary integer.</summary>
    public Int128 Value
    {
        get
        {
            var magnitude = (Int128)ToBinary(Digits);
            return Negative ? -magnitude : magnitude;
        }
    }

    /// <summary>Whether every four bits are 0..9: no eight comes with a four or a two.</summary>
    public static bool AreDigits(UInt128 digits) => ((digits >> 3) & ((digits >> 2) | (digits >> 1)) & Ones) == UInt128.Zero;

    /// <summary>Register with digits and the preferred sign code: D for minus, C or (PS=1) F for plus.</summary>
    public static UInt128 Pack(UInt128 digits, bool negative, bool ps) => (digits << 4) | (UInt128)(negative ? MinusCode : ps ? 0xF : 0xC);

    /// <summary>Digits to number.</summary>
    public static UInt128 ToBinary(UInt128 digits)
    {
        UInt128 value = 0;
        for (int shift = 124; shift >= 0; shift -= 4)
            value = (value * 10) + ((digits >> shift) & 15);
        return value;
    }

    /// <summary>Number to its last 32 digits.</summary>
    public static UInt128 FromBinary(UInt128 value)
    {
        UInt128 digits = 0;
        for (int shift = 0; value != UInt128.Zero && shift < 128; shift += 4)
        {
            (value, UInt128 digit) = UInt128.DivRem(value, 10);
            digits |= digit << shift;
        }

        return digits;
    }

    /// <summary>CR6 and VRT of a decimal instruction: how the exact value compares with zero and whether digits were lost, or SO alone for an invalid operand, which leaves VRT undefined: it keeps its value.</summary>
    public static Insn* Result(CpuState* s, Insn* i, bool valid, int comparison, bool overflow, UInt128 result)
    {
        if (!valid)
        {
            s->Cr[6] = Condition.SO;
            return i + 1;
        }

        s->Cr[6] = (byte)((comparison < 0 ? Condition.LT : comparison > 0 ? Condition.GT : Condition.EQ) | (overflow ? Condition.SO : 0));
        return Vr.Set(s, i, result);
    }

    /// <summary>-1, 0 or 1 as the value compares with zero.</summary>
    public int Comparison => Digits == UInt128.Zero ? 0 : Negative ? -1 : 1;

    private static UInt128 Ones => new(0x1111111111111111, 0x1111111111111111);
}
