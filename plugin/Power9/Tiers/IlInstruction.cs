using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Op">What it is.</param>
/// <param name="Operand">Number, variable, or offset of a branch's target.</param>
/// <param name="Member">Method, field or type.</param>
/// <param name="Next">Where the next one begins.</param>
internal sealed record IlInstruction(int Offset, OpCode Op, long Operand, object? Member, int Next)
{
    public bool IsBranch => Op.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget;
}
