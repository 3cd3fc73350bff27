using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tests.Differential;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>
/// Random instructions of problem state, some of which belong together: compares and record forms before branches, carries in chains, loops, and loads and stores
/// whose addresses are mostly good.
/// </summary>
internal sealed class SequenceGenerator(int seed) : ISequenceGenerator
{
    /// <summary>GPRs that hold addresses: others rarely do, and are rarely written instead.</summary>
    public const int FirstBase = 1;
    public const int LastBase = 3;

    /// <summary>GPR with a small index.</summary>
    public const int IndexRegister = 4;

    // They stop the thread, or their result is no function of the state.
    private static readonly HashSet<string> Excluded = ["wait", "darn", "attn", "firmwaretrap"];

    private static readonly RowShape[] Shapes = [.. InstructionTable.Instance.Rows
        .Where(row => row.Declaration.Privilege == Privilege.Problem && !Excluded.Contains(row.Declaration.Mnemonic))
        .Select(row => new RowShape(row))];

    // They nearly always interrupt, or end the trace.
    private static readonly HashSet<string> Rare =
        ["lmw", "stmw", "lswi", "lswx", "stswi", "stswx", "lq", "stq", "lqarx", "stqcx.", "copy", "paste.", "cp_abort", "mfspr", "mtspr", "sc", "scv", "rfebb", "tw", "twi", "td", "tdi", "icbi"];

    private static readonly RowShape[] Accesses = [.. Shapes.Where(shape => shape.Addressing is Addressing.Displacement or Addressing.Indexed && !Rare.Contains(shape.Mnemonic))];
    private static readonly RowShape[] Quiet = [.. Shapes.Where(shape => shape.Addressing == Addressing.None && !IsBranch(shape) && !Rare.Contains(shape.Mnemonic) && !IsTransactional(shape))];

    private static readonly RowShape[] Conditions = [.. Shapes.Where(shape => shape.Mnemonic is
        "cmp" or "cmpi" or "cmpl" or "cmpli" or "cmprb" or "cmpeqb" or "andi." or "addic" or "addic." or "addc[o][.]" or "adde[o][.]" or "subfc[o][.]" or "subfe[o][.]" or "addze[o][.]"
        or "subfze[o][.]" or "addme[o][.]" or "sraw[.]" or "sradi[.]" or "isel" or "setb" or "mfcr" or "mfocrf" or "mtcrf" or "mtocrf" or "mcrf" or "mcrxrx" or "mfxer" or "mtxer" or "crand" or "crnor"
        or "crxor" or "mtctr" or "mfctr" or "mtlr" or "mflr" or "fcmpu" or "xscmpudp" or "mullw[o][.]" or "divd[o][.]" or "add[o][.]" or "subf[o][.]" or "neg[o][.]" or "addex" or "mftb")];

    private readonly Random random = new(seed);

    /// <inheritdoc/>
    public uint[] Sequence(int length)
    {
        var words = new uint[length];
        for (int k = 0; k < length; k++)
            words[k] = k == length - 1 && random.Next(2) == 0 ? Back(k) : Word(k, length);
        return words;
    }

    private uint Word(int index, int length) => random.Next(100) switch
    {
        < 30 => Operands(Pick(Accesses)),
        < 55 => Operands(Pick(Conditions)),
        < 65 => Forward(length - index),
        < 67 => Operands(Pick(Shapes)),
        _ => Operands(Pick(Quiet)),
    };

    private RowShape Pick(RowShape[] shapes) => shapes[random.Next(shapes.Length)];

    private static bool IsBranch(RowShape shape) => shape.Mnemonic[0] == 'b' && shape.Row.Declaration.Opcode is 16 or 18 or 19;

    private static bool IsTransactional(RowShape shape) => shape.Mnemonic[0] == 't' && shape.Row.Declaration.Opcode == 31;

    // bc[l] over some instructions; BO and BI at random, CTR and LR as they come.
    private uint Forward(int left) => 0x40000000u | ((uint)random.Next(32) << 21) | ((uint)random.Next(32) << 16) | ((uint)random.Next(1, Math.Max(2, Math.Min(4, left))) << 2) | (uint)(random.Next(8) == 0 ? 1 : 0);

    // bdnz or a condition to the first instruction.
    private uint Back(int index)
    {
        uint bo = random.Next(3) switch { 0 => 16u, 1 => 12u, _ => 4u };
        return 0x40000000u | (bo << 21) | ((uint)random.Next(32) << 16) | ((uint)(-4 * index) & 0xFFFC);
    }

    private uint Operands(RowShape shape)
    {
        InstructionRow row = shape.Row;
        uint word = row.Value | ((uint)random.NextInt64(1L << 32) & ~row.Mask);
        foreach (OperandField field in shape.Fields)
        {
            bool isBase = field.Name is "RA" or "RA0" && shape.Addressing != Addressing.None;
            if (isBase && random.Next(16) != 0)
                word = field.Insert(word, random.Next(FirstBase, LastBase + 1));
            else if (field.Name == "RB" && shape.Addressing == Addressing.Indexed && random.Next(16) != 0)
                word = field.Insert(word, IndexRegister);
            else if (field.Name is "RT" or "RA" or "RTp" && field.Extract(word) <= IndexRegister && random.Next(16) != 0)
                word = field.Insert(word, field.Extract(word) + 8);
        }

        if (shape.Displacement is { } displacement)
            word = displacement.Insert(word, random.Next(displacement.Name == "D" ? 128 : 16) & (random.Next(4) == 0 ? -1 : ~7));
        return InstructionTable.Instance.Find(word) is null ? row.Value : word;
    }
}
