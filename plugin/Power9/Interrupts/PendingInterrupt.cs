namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Asynchronous interrupts that exist until their cause is gone.</summary>
[Flags]
public enum PendingInterrupt
{
    None = 0,

    /// <summary>SYSTEM RESET was requested.</summary>
    SystemReset = 1,

    /// <summary>The interrupt controller's line to the hypervisor.</summary>
    HypervisorVirtualization = 2,

    /// <summary>msgsnd.</summary>
    HypervisorDoorbell = 4,
    HypervisorDecrementer = 8,

    /// <summary>An external interrupt line of machines that route it to 0x500.</summary>
    External = 16,

    /// <summary>msgsndp or DPDES.</summary>
    PrivilegedDoorbell = 32,
    Decrementer = 64,

    /// <summary>MMCR0[PMAO].</summary>
    PerformanceMonitor = 128,
}
