using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Firmware that lives outside of guest memory: a trap instruction at its entry address hands over to it.</summary>
public interface IFirmware
{
    /// <summary>The firmware trap instruction. Primary opcode 0 is reserved for such use (attn has it too).</summary>
    const uint TrapWord = 0x000FA900;

    /// <summary>
    /// Called when hypervisor real-mode code (S=0) executes the trap, with Nia at the trap and all registers as the caller left them.
    /// The implementation performs the call and leaves the state where execution is to go on: result in GPR 3, Nia at the return address, MSR as it was.
    /// </summary>
    void Call(Cpu cpu);
}
