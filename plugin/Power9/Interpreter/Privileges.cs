using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Privilege checks of handlers.</summary>
public static unsafe class Privileges
{
    /// <summary>MSR[PR]=0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPrivileged(CpuState* s) => (s->Msr & Msr.PR) == 0;

    /// <summary>MSR[PR]=0 and MSR[HV]=1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsHypervisor(CpuState* s) => (s->Msr & (Msr.PR | Msr.HV)) == Msr.HV;

    /// <summary>
    /// Interrupt for an instruction the current state may not execute: Privileged Instruction from problem state;
    /// Hypervisor Emulation Assistance for hypervisor and ultravisor instructions below (ISA 3.0B Book III 6.5.9, 6.5.18).
    /// </summary>
    public static Insn* Refuse(CpuState* s, Insn* i, Privilege needed)
    {
        if ((s->Msr & Msr.PR) != 0 || (needed == Privilege.Hypervisor && (s->Msr & Msr.HV) == 0))
            return Raise.Program(s, i, ProgramCause.Privileged);
        return Raise.EmulationAssistance(s, i);
    }
}
