namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Pages of the thread management area; each has the rights of those behind it.</summary>
public enum TimaPage
{
    Hardware,
    Hypervisor,
    Os,
    User,
}

/// <summary>Operations that are loads or stores at offsets from 0x800 on (Linux arch/powerpc/include/asm/xive-regs.h, TM_SPC_*).</summary>
public enum TimaOperation
{
    AcknowledgeEbb = 0x800,
    UserContext = 0x808,
    AcknowledgeOs = 0x810,
    SetOsPending = 0x812,
    PullOs = 0x818,
    PullPool = 0x828,
    AcknowledgeHypervisor = 0x830,
    PullUserToLine = 0xC08,
    AcknowledgeOsToLine = 0xC10,
    AcknowledgePoolToLine = 0xC20,
    AcknowledgeHypervisorToLine = 0xC30,
}
