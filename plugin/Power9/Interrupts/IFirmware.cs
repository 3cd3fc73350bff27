using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Firmware services written outside of guest memory: the word <see cref="TrapWord"/> hands over to them.</summary>
public interface IFirmware
{
    /// <summary>The firmware trap instruction. Primary opcode 0, which no Power ISA instruction uses except attn.</summary>
    const uint TrapWord = 0x000FA900;

    /// <summary>
    /// Called when hypervisor real-mode code (S=0) executes the trap word. NIA is already behind the trap; the implementation reads GPRs and
    /// sets results, and NIA if the service does not return behind the trap. Returns false if the word at this address is no firmware entry:
    /// it is then an illegal instruction.
    /// </summary>
    bool Call(Cpu cpu, ulong address);
}
