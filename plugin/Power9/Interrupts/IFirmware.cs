using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Firmware that lives outside of guest memory: a trap instruction at its entry address hands over to it.</summary>
public interface IFirmware
{
    /// <summary>
    /// Called between instructions when <paramref name="cpu"/> executes the trap, with Nia at the trap and all registers as the caller left them.
    /// The implementation performs the call and leaves the state where execution is to go on: result in GPR 3, Nia at the return address, MSR as it was.
    /// </summary>
    void Call(Cpu cpu);
}
