using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Who handles interrupts that the Secure Memory Facility routes to ultravisor state.</summary>
public interface IUltravisor
{
    /// <summary>
    /// Called between instructions, right after <paramref name="cpu"/> entered ultravisor state at <paramref name="vector"/>:
    /// MSR is S=1, HV=1, real mode; SRR0/1 or HSRR0/1 hold the interrupted address and MSR; HDAR, HDSISR, ASDR, DAR, DSISR, HEIR as the vector defines.
    /// The implementation leaves the state where execution is to go on, as <c>urfid</c> would.
    /// </summary>
    void Entered(Cpu cpu, Vector vector);
}
