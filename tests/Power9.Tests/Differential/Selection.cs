using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Which rows take part, and how.</summary>
internal static class Selection
{
    // Their result is no function of the user state, or they need a kernel.
    private static readonly HashSet<string> Excluded =
    [
        "sc", "scv", "wait", "darn", "mftb", "mfspr", "mtspr", "attn", "copy", "paste.", "cp_abort", "rfebb", "clrbhrb", "mfbhrbe", "firmwaretrap",
        "bctar[l]", // the runner keeps a register in TAR

        // A no-operation on POWER9; illegal in QEMU.
        "icbt",

        // Reserved no-operations (I 1.8.3); QEMU has those that ISA 3.1 gave a meaning.
        "nop530", "nop562", "nop594", "nop626",

        // Not in ISA 3.0B any more.
        "dst", "dstst", "dss",
    ];

    // Alignment interrupts in little-endian mode, at which this qemu-user aborts.
    private static readonly HashSet<string> BigEndianOnly = ["lmw", "stmw", "lswi", "lswx", "stswi", "stswx"];

    /// <summary>Rows of problem state that can run alone, branches not included.</summary>
    public static IEnumerable<RowShape> Singles(GuestOrder order) =>
        Rows().Where(shape => !IsBranch(shape) && (order == GuestOrder.Big || !BigEndianOnly.Contains(shape.Mnemonic)));

    /// <summary>Branches.</summary>
    public static IEnumerable<RowShape> Branches() => Rows().Where(IsBranch);

    /// <summary>Rows whose whole result QEMU computes as POWER9 does, whatever the operands: a difference would spoil what follows.</summary>
    public static IEnumerable<RowShape> Sequenceable() =>
        Singles(GuestOrder.Little).Where(shape =>
            shape.Row.Declaration.Facility is Facility.None or Facility.Vector
            && shape.Addressing is not (Addressing.Length or Addressing.Base)
            && !KnownDeviations.Concerns(shape.Mnemonic)
            && !shape.Mnemonic.StartsWith("vextu", StringComparison.Ordinal)

            // II 4.6.2: a store conditional to the reserved location is performed. This QEMU's stqcx. is not, in little-endian mode.
            && shape.Mnemonic is not ("lqarx" or "stqcx.")
            && shape.Mnemonic is not ("tw" or "twi" or "td" or "tdi" or "lq" or "stq"));

    private static IEnumerable<RowShape> Rows() =>
        InstructionTable.Instance.Rows
            .Where(row => row.Declaration.Privilege == Privilege.Problem && !Excluded.Contains(row.Declaration.Mnemonic) && !IsTransactional(row) && !IsDecimal(row))
            .OrderBy(row => row.Declaration.Mnemonic, StringComparer.Ordinal)
            .Select(row => new RowShape(row));

    private static bool IsBranch(RowShape shape) => shape.Fields.Any(field => field.Name is "LI" or "BD" or "BO") || shape.Mnemonic.StartsWith("bc", StringComparison.Ordinal) && shape.Row.Declaration.Opcode == 19;

    private static bool IsTransactional(InstructionRow row) => row.Declaration.Mnemonic.StartsWith('t') && row.Declaration.Opcode == 31 && row.Declaration.Mnemonic is not ("tw" or "td");

    // Chapter 5 of Book I: its operands are of little use when random, so that it has tests of its own.
    private static bool IsDecimal(InstructionRow row) => row.Declaration.Section.StartsWith("I 5.", StringComparison.Ordinal);
}
