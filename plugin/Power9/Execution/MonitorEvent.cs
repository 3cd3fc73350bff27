namespace RenodeUvmem.Power9.Execution;

/// <summary>What a counter of the performance monitor counts.</summary>
public enum MonitorEvent
{
    /// <summary>Nothing, or something that does not happen here: there is no cache, no stall and no misprediction.</summary>
    None,

    /// <summary>Instructions that were executed, and cycles, one for each.</summary>
    Executed,

    /// <summary>Branches, taken or not: PM_BR_CMPL.</summary>
    Branches,

    /// <summary>Store conditionals that stored nothing: PM_STCX_FAIL.</summary>
    FailedConditionalStores,
}
