namespace RenodeUvmem.Power9.Interrupts;

/// <summary>
/// Causes of machine checks that this CPU raises, as POWER9 encodes them in SRR1 and DSISR
/// (values as Linux's mce_p9_ierror_table and mce_p9_derror_table decode them).
/// </summary>
public enum MachineCheckCause
{
    /// <summary>Load or store whose real address is no memory.</summary>
    LoadStore,

    /// <summary>Table walk for a load or store.</summary>
    LoadStoreWalk,

    /// <summary>Instruction fetch.</summary>
    Fetch,

    /// <summary>Table walk for a fetch.</summary>
    FetchWalk,

    /// <summary>Two segment lookaside entries for the address of a load or store.</summary>
    LoadStoreSegment,

    /// <summary>Two for that of a fetch.</summary>
    FetchSegment,
}
