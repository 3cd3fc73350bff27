using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Words that are no instruction.</summary>
public static unsafe class Illegal
{
    /// <summary>Illegal instruction: Hypervisor Emulation Assistance (ISA 3.0B Book III 6.5.18).</summary>
    public static Insn* Instruction(CpuState* s, Insn* i) => Raise.EmulationAssistance(s, i);
}
