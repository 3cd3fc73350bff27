using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Extended opcodes of primary opcode 31 that are reserved for later hints and do nothing (ISA 3.0B Book I 1.8.3). ISA 3.1 made hashstp, hashchkp, hashst
/// and hashchk of the last four: programs built with them run here, too.
/// </summary>
public static unsafe class ReservedNop
{
    [Insn("nop530", Form.X, 31, 530, "", "I 1.8.3")]
    [Insn("nop562", Form.X, 31, 562, "", "I 1.8.3")]
    [Insn("nop594", Form.X, 31, 594, "", "I 1.8.3")]
    [Insn("nop626", Form.X, 31, 626, "", "I 1.8.3")]
    [Insn("nop658", Form.X, 31, 658, "", "I 1.8.3")]
    [Insn("nop690", Form.X, 31, 690, "", "I 1.8.3")]
    [Insn("nop722", Form.X, 31, 722, "", "I 1.8.3")]
    [Insn("nop754", Form.X, 31, 754, "", "I 1.8.3")]
    public static Insn* Nop(CpuState* s, Insn* i) => i + 1;
}
