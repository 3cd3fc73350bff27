namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Which register pair an interrupt saves in, and what is not MSR in it (ISA 3.0B Book III 6.4, 6.5).</summary>
public static class SaveRestore
{
    /// <summary>SRR1 and HSRR1 take MSR bits 0:32, 37:41, 48:63; 33:36 and 42:47 carry the cause.</summary>
    public const ulong CauseMask = 0x783F0000;

    /// <summary>SRR1 33 of a trace interrupt, always 1 (QEMU target/ppc helper_book3s_trace; 35 and 36, which tell loads and stores, stay 0 there and here).</summary>
    public const ulong Traced = 1UL << (63 - 33);

    /// <summary>SRR1 43 of a trace interrupt: CIABR caused it (QEMU target/ppc ppc_cpu_debug_excp_handler).</summary>
    public const ulong TracedByCiabr = 1UL << (63 - 43);

    /// <summary>SRR1 42:43 at 0xC00 in ultravisor state: LEV of the system call.</summary>
    public const int LevelShift = 63 - 43;

    /// <summary>True for vectors that always save in HSRR0 and HSRR1. External does with LPCR[LPES]=0 only.</summary>
    public static bool AlwaysHsrr(Vector vector) => vector
        is Vector.HypervisorDecrementer or Vector.HypervisorDataStorage or Vector.HypervisorInstructionStorage
        or Vector.HypervisorEmulationAssistance or Vector.HypervisorMaintenance or Vector.HypervisorDoorbell
        or Vector.HypervisorVirtualization or Vector.HypervisorFacilityUnavailable or Vector.SoftPatch;
}
