namespace RenodeUvmem.Power9.Interrupts;

/// <summary>Interrupt vectors (ISA 3.0B Book III 6.5), offsets in bytes.</summary>
public enum Vector
{
    SystemReset = 0x100,
    MachineCheck = 0x200,
    DataStorage = 0x300,
    DataSegment = 0x380,
    InstructionStorage = 0x400,
    InstructionSegment = 0x480,
    External = 0x500,
    Alignment = 0x600,
    Program = 0x700,
    FpUnavailable = 0x800,
    Decrementer = 0x900,
    HypervisorDecrementer = 0x980,
    PrivilegedDoorbell = 0xA00,
    SystemCall = 0xC00,
    Trace = 0xD00,
    HypervisorDataStorage = 0xE00,
    HypervisorInstructionStorage = 0xE20,
    HypervisorEmulationAssistance = 0xE40,
    HypervisorMaintenance = 0xE60,
    HypervisorDoorbell = 0xE80,
    HypervisorVirtualization = 0xEA0,
    PerformanceMonitor = 0xF00,
    VectorUnavailable = 0xF20,
    VsxUnavailable = 0xF40,
    FacilityUnavailable = 0xF60,
    HypervisorFacilityUnavailable = 0xF80,
    SoftPatch = 0x1500,
    SystemCallVectored = 0x3000,
}

/// <summary>SRR1 bits that say why a program interrupt happened (ISA 3.0B Book III 6.5.9).</summary>
public enum ProgramCause : ulong
{
    FloatingPointEnabled = 1UL << (63 - 43),
    Illegal = 1UL << (63 - 44),
    Privileged = 1UL << (63 - 45),
    Trap = 1UL << (63 - 46),
}
