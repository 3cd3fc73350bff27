namespace RenodeUvmem.Power9.State;

/// <summary>LPCR bits as POWER9 has them (ISA 3.0B Book III 2.2).</summary>
public static class Lpcr
{
    /// <summary>VPM (Linux LPCR_VPM1): storage faults of a relocated hash guest are the hypervisor's.</summary>
    public const ulong VPM = 1UL << 62;

    /// <summary>Relocated accesses take all segments as if of 4 KiB pages.</summary>
    public const ulong ISL = 1UL << 59;
    public const ulong AIL = 3UL << 23;
    public const int AILShift = 23;
    public const ulong ILE = 1UL << 25;
    public const ulong UPRT = 1UL << 22;
    public const ulong EVIRT = 1UL << 21;
    public const ulong HR = 1UL << 20;
    public const ulong LD = 1UL << 17;
    public const ulong MER = 1UL << 11;
    public const ulong GTSE = 1UL << 10;

    /// <summary>The secondary group of the hashed page table is not searched.</summary>
    public const ulong TC = 1UL << 9;
    public const ulong HEIC = 1UL << 4;
    public const ulong LPES = 1UL << 3;
    public const ulong HVICE = 1UL << 1;
    public const ulong HDICE = 1UL << 0;
    public const ulong PECE_HypervisorVirtualization = 1UL << 46;
    public const ulong PECE_HypervisorDoorbell = 1UL << 16;
    public const ulong PECE_PrivilegedDoorbell = 1UL << 15;
    public const ulong PECE_External = 1UL << 14;
    public const ulong PECE_Decrementer = 1UL << 13;
}

/// <summary>HID0 bits that change behaviour.</summary>
public static class Hid0
{
    /// <summary>Interrupts to hypervisor state are little-endian.</summary>
    public const ulong HILE = 1UL << (63 - 4);

    /// <summary>attn stops the thread instead of being illegal.</summary>
    public const ulong EnableAttention = 1UL << (63 - 3);
}

/// <summary>SMFCTRL bits.</summary>
public static class SmfCtrl
{
    /// <summary>Facility enabled: sc 2 enters ultravisor state, secure memory is enforced.</summary>
    public const ulong E = 1UL << 63;

    /// <summary>Debug registers are ultravisor resources.</summary>
    public const ulong D = 1UL << (63 - 59);

    /// <summary>Power-saving wake-up happens in ultravisor state selection, POWER9 needs 0b10.</summary>
    public const ulong WakeUp = 2;
}

/// <summary>FSCR and HFSCR facility numbers: bit 63-n enables facility n, and n is the interrupt cause.</summary>
public static class FacilityNumber
{
    public const int FloatingPoint = 0;
    public const int VectorVsx = 1;
    public const int Dscr = 2;
    public const int PerformanceMonitor = 3;
    public const int BranchHistory = 4;
    public const int TransactionalMemory = 5;
    public const int EventBasedBranch = 7;
    public const int Tar = 8;
    public const int MessagePrivileged = 10;
    public const int SystemCallVectored = 12;
}
