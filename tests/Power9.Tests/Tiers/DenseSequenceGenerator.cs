using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tests.Differential;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Power9.Tiers.X86;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>
/// Random instructions that all have host code, on few registers, with many compares, operations on CR and branches: values are carried in the host's registers, and
/// comparisons wait, over long ways. Each sequence has its own mixture.
/// </summary>
internal sealed class DenseSequenceGenerator(int seed, bool vectors) : ISequenceGenerator
{
    private const int Tries = 20;
    private const int FirstValue = 5;
    private const int MostValues = 12;

    // They stop the thread, or their result is no function of the state; branches have places of their own.
    private static readonly HashSet<string> Excluded = ["wait", "darn", "attn", "firmwaretrap", "mftb"];

    private static readonly Lazy<RowShape[]> Shapes = new(FindShapes);
    private static readonly Lazy<RowShape[]> Vectors = new(() => [.. Shapes.Value.Where(IsVector)]);
    private static readonly Lazy<RowShape[]> Scalars = new(() => [.. Shapes.Value.Where(shape => !IsVector(shape))]);
    private static readonly Lazy<RowShape[]> Compares = new(() => [.. Scalars.Value.Where(shape => shape.Mnemonic is "cmp" or "cmpi" or "cmpl" or "cmpli" || shape.Mnemonic.Contains('.'))]);

    private static readonly Lazy<RowShape[]> Conditions = new(() => [.. Scalars.Value.Where(shape => shape.Mnemonic is
        "isel" or "setb" or "mfcr" or "mfocrf" or "mtcrf" or "mtocrf" or "mcrf" or "mcrxrx" or "mfxer" or "mtxer" || shape.Mnemonic.StartsWith("cr", StringComparison.Ordinal))]);

    private static readonly Lazy<RowShape[]> Accesses = new(() => [.. Scalars.Value.Where(shape => shape.Addressing is Addressing.Displacement or Addressing.Indexed)]);

    private readonly Random random = new(seed);

    /// <summary>Rows that are used.</summary>
    public static int Rows => Shapes.Value.Length;

    /// <inheritdoc/>
    public uint[] Sequence(int length)
    {
        int registers = random.Next(2, MostValues);
        double branches = random.NextDouble() * 0.3, compares = random.NextDouble() * 0.4, accesses = random.NextDouble() * 0.3;
        var words = new uint[length];
        for (int k = 0; k < length; k++)
        {
            double which = random.NextDouble();
            if (k == length - 1 && random.Next(3) != 0)
                words[k] = Branch(random.Next(3) switch { 0 => 16u, 1 => 12u, _ => 4u }, -k);
            else if (which < branches)
                words[k] = Branch(random.Next(8) switch { 0 => 16u, 1 => 18u, 2 => 8u, 3 => 0u, < 6 => 12u, _ => 4u }, random.Next(1, Math.Max(2, Math.Min(4, length - k))));
            else if (which < branches + compares)
                words[k] = Operands(Compares.Value, registers);
            else if (random.Next(8) == 0)
                words[k] = Operands(Conditions.Value, registers);
            else if (random.NextDouble() < accesses)
                words[k] = Operands(Accesses.Value, registers);
            else
                words[k] = Operands(vectors && random.Next(5) < 2 ? Vectors.Value : Scalars.Value, registers);
        }

        return words;
    }

    private static RowShape[] FindShapes()
    {
        using var slots = new HandlerComparison();
        using NativeBackEnd backEnd = NativeBackEnd.TryCreate() ?? throw new PlatformNotSupportedException("there is no code generator for this host");
        var random = new Random(1);
        return [.. InstructionTable.Instance.Rows
            .Where(row => row.Declaration.Privilege == Privilege.Problem && !IsExcluded(row.Declaration))
            .Where(row => IsTranslated(row, slots, backEnd, random))
            .Select(row => new RowShape(row))];
    }

    private static bool IsExcluded(InsnAttribute declaration) =>
        Excluded.Contains(declaration.Mnemonic) || declaration.Opcode is 2 or 3 or 16 or 18 || (declaration.Opcode == 19 && declaration.Mnemonic[0] == 'b') ||
        (declaration.Opcode == 31 && declaration.Mnemonic[0] == 't');

    // With operands at random, more often than not.
    private static bool IsTranslated(InstructionRow row, HandlerComparison slots, NativeBackEnd backEnd, Random random)
    {
        int tried = 0;
        int translated = 0;
        for (int n = 0; n < Tries; n++)
        {
            if (HandlerComparison.WordOf(row, random) is not { } word || slots.SlotOf(word, 0) is not { } slot)
                continue;
            tried++;
            translated += backEnd.CompileSingle(slot) is null ? 0 : 1;
        }

        return translated > tried / 2;
    }

    private static bool IsVector(RowShape shape) =>
        shape.Row.Declaration.Opcode is 4 or 57 or 60 or 61 || shape.Mnemonic[0] == 'x' || shape.Mnemonic.StartsWith("lx", StringComparison.Ordinal) ||
        shape.Mnemonic.StartsWith("stx", StringComparison.Ordinal) || shape.Mnemonic.Contains("vs", StringComparison.Ordinal);

    // bc, mostly on the first two fields, which most compares write.
    private uint Branch(uint bo, int words) => 0x40000000u | (bo << 21) | ((uint)(random.Next(6) == 0 ? random.Next(32) : random.Next(8)) << 16) | ((uint)(words * 4) & 0xFFFC);

    private uint Operands(RowShape[] shapes, int registers)
    {
        RowShape shape = shapes[random.Next(shapes.Length)];
        InstructionRow row = shape.Row;
        uint word = row.Value | ((uint)random.NextInt64(1L << 32) & ~row.Mask);
        foreach (OperandField field in shape.Fields)
        {
            int? value = field.Name switch
            {
                "RA" or "RA0" when shape.Addressing != Addressing.None && random.Next(24) != 0 => random.Next(SequenceGenerator.FirstBase, SequenceGenerator.LastBase + 1),
                "RB" when shape.Addressing == Addressing.Indexed && random.Next(24) != 0 => SequenceGenerator.IndexRegister,
                "RT" or "RA" or "RB" or "RS" or "RTp" or "RC" => random.Next(20) == 0 ? random.Next(32) : FirstValue + random.Next(registers),
                "BF" or "BFA" => random.Next(4) == 0 ? random.Next(8) : random.Next(2),
                "BI" or "BA" or "BB" or "BT" or "BC" => random.Next(4) == 0 ? random.Next(32) : random.Next(8),
                _ => null,
            };
            if (value is { } wanted)
                word = field.Insert(word, wanted);
        }

        if (shape.Displacement is { } displacement)
            word = displacement.Insert(word, random.Next(displacement.Name == "D" ? 128 : 16) & (random.Next(4) == 0 ? -1 : ~7));
        return InstructionTable.Instance.Find(word) is null ? row.Value : word;
    }
}
