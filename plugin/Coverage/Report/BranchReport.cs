using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Coverage.Report;

/// <summary>A conditional branch instruction.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Ways">Which ways it went, in any world.</param>
public readonly record struct BranchReport(ulong Address, CoverageBits Ways)
{
    /// <summary>Ways a branch has.</summary>
    public const int WayCount = 2;

    // BO = 1z1zz: always (ISA 3.0B Book I 2.4, figure 40).
    private const uint Always = 0b10100;

    /// <summary>How many ways it went.</summary>
    public int Gone => (Ways.HasFlag(CoverageBits.Next) ? 1 : 0) + (Ways.HasFlag(CoverageBits.Elsewhere) ? 1 : 0);

    /// <summary>Whether an instruction is a branch that may go two ways.</summary>
    public static bool IsConditional(uint word) =>
        InstructionTable.Instance.Find(word) is { } row
        && row.Declaration.Operands.StartsWith("BO,", StringComparison.Ordinal)
        && (FormFields.Bits(word, 6, 10) & Always) != Always;
}
