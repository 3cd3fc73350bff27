using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>IL's arithmetic, conversions, comparisons and branches: what trees are made of.</summary>
internal enum Operation
{
    None,
    Add,
    Sub,
    Mul,
    Div,
    DivUn,
    Rem,
    RemUn,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    ShrUn,
    Ceq,
    Clt,
    CltUn,
    Cgt,
    CgtUn,
    Neg,
    Not,
    ConvI1,
    ConvU1,
    ConvI2,
    ConvU2,
    ConvI4,
    ConvU4,
    ConvI8,
    ConvU8,
    ConvI,
    ConvU,
    ConvR4,
    ConvR8,
    ConvRUn,
    BrTrue,
    BrFalse,
    Beq,
    BneUn,
    Blt,
    BltUn,
    Ble,
    BleUn,
    Bgt,
    BgtUn,
    Bge,
    BgeUn,
}

/// <summary>Between IL's codes and <see cref="Operation"/>.</summary>
internal static class Operations
{
    private static readonly OpCode[] Codes = new OpCode[Enum.GetValues<Operation>().Length];
    private static readonly Dictionary<string, Operation> ByName = [];

    static Operations()
    {
        (Operation, OpCode)[] all =
        [
            (Operation.Add, OpCodes.Add), (Operation.Sub, OpCodes.Sub), (Operation.Mul, OpCodes.Mul), (Operation.Div, OpCodes.Div), (Operation.DivUn, OpCodes.Div_Un),
            (Operation.Rem, OpCodes.Rem), (Operation.RemUn, OpCodes.Rem_Un), (Operation.And, OpCodes.And), (Operation.Or, OpCodes.Or), (Operation.Xor, OpCodes.Xor),
            (Operation.Shl, OpCodes.Shl), (Operation.Shr, OpCodes.Shr), (Operation.ShrUn, OpCodes.Shr_Un),
            (Operation.Ceq, OpCodes.Ceq), (Operation.Clt, OpCodes.Clt), (Operation.CltUn, OpCodes.Clt_Un), (Operation.Cgt, OpCodes.Cgt), (Operation.CgtUn, OpCodes.Cgt_Un),
            (Operation.Neg, OpCodes.Neg), (Operation.Not, OpCodes.Not),
            (Operation.ConvI1, OpCodes.Conv_I1), (Operation.ConvU1, OpCodes.Conv_U1), (Operation.ConvI2, OpCodes.Conv_I2), (Operation.ConvU2, OpCodes.Conv_U2),
            (Operation.ConvI4, OpCodes.Conv_I4), (Operation.ConvU4, OpCodes.Conv_U4), (Operation.ConvI8, OpCodes.Conv_I8), (Operation.ConvU8, OpCodes.Conv_U8),
            (Operation.ConvI, OpCodes.Conv_I), (Operation.ConvU, OpCodes.Conv_U), (Operation.ConvR4, OpCodes.Conv_R4), (Operation.ConvR8, OpCodes.Conv_R8), (Operation.ConvRUn, OpCodes.Conv_R_Un),
            (Operation.BrTrue, OpCodes.Brtrue), (Operation.BrFalse, OpCodes.Brfalse), (Operation.Beq, OpCodes.Beq), (Operation.BneUn, OpCodes.Bne_Un),
            (Operation.Blt, OpCodes.Blt), (Operation.BltUn, OpCodes.Blt_Un), (Operation.Ble, OpCodes.Ble), (Operation.BleUn, OpCodes.Ble_Un),
            (Operation.Bgt, OpCodes.Bgt), (Operation.BgtUn, OpCodes.Bgt_Un), (Operation.Bge, OpCodes.Bge), (Operation.BgeUn, OpCodes.Bge_Un),
        ];
        foreach ((Operation operation, OpCode code) in all)
        {
            Codes[(int)operation] = code;
            ByName[code.Name!] = operation;
        }
    }

    /// <summary>The operation of an IL code, short forms of branches included; None for all others.</summary>
    public static Operation Of(OpCode code)
    {
        string name = code.Name!;
        return ByName.GetValueOrDefault(name.EndsWith(".s", StringComparison.Ordinal) ? name[..^2] : name);
    }

    /// <summary>IL's code; branches have the long form.</summary>
    public static OpCode CodeOf(Operation operation) => Codes[(int)operation];

    /// <summary>A comparison that gives 0 or 1.</summary>
    public static bool IsComparison(Operation operation) => operation is >= Operation.Ceq and <= Operation.CgtUn;

    /// <summary>A conversion to 64 bits.</summary>
    public static bool IsLarge(Operation operation) => operation is >= Operation.ConvI8 and <= Operation.ConvU;
}
